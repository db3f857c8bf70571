# Functions, return, local variables.
f() { echo "f $# $1"; return 4; }
f a b; echo $?
g() { x=changed; }
x=before; g; echo $x
fact() { if [ $1 -le 1 ]; then echo 1; else echo $(( $1 * $(fact $(( $1 - 1 ))) )); fi; }
fact 6
h() { local y=inner; echo $y; }
y=outer; h; echo $y
set -- p1 p2; k() { shift; echo "$@"; }; k a b c; echo "$@"
nested() { inner() { echo inner; }; inner; }
nested; inner
loop() { for i in 1 2 3; do [ $i = 2 ] && return 7; done; }
loop; echo $? $i
redef() { echo one; redef() { echo two; }; }
redef; redef
body() ( x=sub; echo $x ); x=top; body; echo $x
out() { echo to file; } > /dev/null
out; echo done
A=1; v() { echo A=$A; }; A=2 v; echo $A
unset -f f; f 2>/dev/null; echo $?
rec() { [ $1 -gt 0 ] && rec $(($1-1)); echo -n $1; }; rec 5; echo
early() { return; echo never; }; false; early; echo $?
r() { while :; do return 5; done; }; r; echo $?
