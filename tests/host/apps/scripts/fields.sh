# Splitting into fields.
show() { echo "$#:"; for a in "$@"; do echo "  <$a>"; done; }
x='  a  b c  '; show $x
show "$x"
show x$x
show $x''
IFS=:
x='a:b::c:'; show $x
x=':a'; show $x
x='a b:c d'; show $x
IFS=': '
x=' a : b  c :: d '; show $x
x='a :b'; show $x
IFS=''
x='a b:c'; show $x
unset IFS
x='a	b
c'; show $x
show $(printf 'one two\nthree\n')
show "$(printf 'one two\nthree\n\n\n')"
show a"$(echo)"b $(echo) "" ''
x=; show $x "$x" $x
set -- "a b" c; show $@ "$@" $* "$*" x"$@"y
set --; show "$@" $@ "$*"
y='*'; cd /; show "$y" | head -n 1
IFS=,; set -- p q r; x="$*"; echo "$x"; echo "$@"
