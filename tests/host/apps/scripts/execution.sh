# Finding and becoming programs: PATH, exec, command, 126 and 127, assignments and redirections.
cd "${TMPDIR:-/tmp}" && mkdir exec.$$ && cd exec.$$ || exit
nosuch_program 2>/dev/null; echo $?; ./nosuch 2>/dev/null; echo $?
echo 'echo script $1' > script; ./script 2>/dev/null; echo $?; chmod +x script; ./script arg; echo $?
mkdir dir; ./dir 2>/dev/null; echo $?
printf '#!/bin/sh\necho hash bang "$@"\n' > hb; chmod +x hb; ./hb 'a b'
PATH=.:$PATH; hb found; script too
(PATH=/nowhere; hb 2>/dev/null; echo $?; echo builtin)
PATH=/nowhere command -v hb || echo not there
command -v cd; command -v if; command -v ./hb; command -v nosuch; echo $?
f() { echo function; }; command -v f; f
echo() { printf 'my %s\n' "$*"; }; echo x; command echo y; unset -f echo; echo z
(exec sh -c 'echo became $0' name); (exec nosuch 2>/dev/null; echo never); echo $?
exec 3>file; echo to three >&3; exec 3>&-; cat file; (echo x >&3) 2>/dev/null; echo $?
exec 4<file; read a <&4; echo $a; exec 4<&-
v=outer; v=inner sh -c 'echo $v'; echo $v; v=kept :; echo $v; v=temp f; echo $v; v=t2 true; echo $v
v=x eval 'echo $v'; echo $v
a=1 b=$a sh -c 'echo "$a-$b"'; c=1 d=$c; echo $d
x=$(exit 3); echo $?; x=$(exit 3) true; echo $?; x=1 y=$(false); echo $?
>empty; cat empty; <empty; echo $?; 2>&1 >x y=1 ; echo $y
{ echo out; echo err >&2; } 2>&1 >/dev/null
(exit 4) || echo $?; { exit_in=1; }; echo $exit_in; (lost=1); echo ${lost-unset}
sh -c 'exit'; echo $?; sh -c 'false; exit'; echo $?; sh -c '(exit 6)'; echo $?; sh -c ''; echo $?
sh -c 'echo $0 $*' zero 1 2; sh hb via sh; echo 'echo from stdin $#' | sh
. ./script dot; echo 'return 5; echo never' > ret; . ./ret; echo $?
echo 'set -- changed' > pos; set -- a b; . ./pos; echo $#; echo "$1"
(. ./missing) 2>/dev/null; echo $((!!$?)) 2>/dev/null || echo 1
true && false || echo chain; false && echo no || echo yes; ! false && echo not; ! { true; false; }; echo $?
true | false; echo $?; false | true; echo $?; ! true | false; echo $?
sleep 0 & wait $!; echo $?; (exit 8) & wait $!; echo $?; wait 99999; echo $?
type f | grep -c function; type cd >/dev/null; echo $?; type nosuch >/dev/null 2>&1; echo $?
umask 027; umask; umask -S; umask u=rwx,g=rx,o=; umask; umask a+r; umask; umask -- 022
hash cat; echo $?; hash nosuch 2>/dev/null; echo $?; hash -r; echo $?
unset v; readonly v=1; (v=2) 2>/dev/null; echo $?; (unset v) 2>/dev/null; echo $?; readonly | grep -c 'v='
export E=1; export | grep -c '^export E='; sh -c 'echo $E'; unset E; sh -c 'echo ${E-gone}'
times | wc -l; ulimit -n > /dev/null; echo $?; ulimit -c 0; ulimit -c; (ulimit -Q) 2>/dev/null; echo $((!!$?)) 2>/dev/null || echo 1
cd ..; rm -r exec.$$
