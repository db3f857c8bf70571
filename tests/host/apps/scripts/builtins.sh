# Builtins.
set -- -n; echo "$1"
echo -n no newline; echo
printf '%s-%d-%x|%5s|%-5s|%05d|%c\n' str 42 255 ab cd 42 xyz
printf '%s\n' a b c; printf 'x%sy' 1 2; echo
printf 'a\tb\\n\101\n'; printf '%b' 'x\ty\n'; printf '%%\n'
printf '%s %s\n' only; printf '%d\n' "'A"; printf '%.2s|\n' abcdef; printf '%*d\n' 4 7
test a = a; echo $?; test a = b; echo $?; [ 1 -lt 2 ]; echo $?; [ ]; echo $?; [ x ]; echo $?
[ -n "" ]; echo $?; [ -z "" ] && echo z; [ ! a = b ] && echo not
[ a = a -a b = b ] && echo and; [ a = b -o b = b ] && echo or; [ \( a = a \) ] && echo paren
[ -d / ] && [ -e / ] && [ ! -f / ] && echo dir
[ ! ] && echo single; [ = = = ] && echo eq; [ -n = -n ] || echo ne
[ "" ] || echo empty; [ -f ] && echo one-arg; [ a -gt 1 ] 2>/dev/null; echo $?
x=1; export x; sh -c 'echo child $x'
y=2 sh -c 'echo temp $y'; echo "<$y>"
unset x; echo "<${x-unset}>"
readonly r=5; (r=6) 2>/dev/null; echo $? $r
eval 'echo evaluated; z=3'; echo $z
eval; echo $?
cd /; pwd; cd ///; cd - >/dev/null; pwd
type cd >/dev/null && echo builtin; command -v nothing_here; echo $?
command echo plain; command -v echo
: ignored; echo $?
false; echo $?; true; echo $?
sh -c 'exit 9'; echo $?
sh -c 'kill -9 $$'; echo $?
sh -c 'echo $0 $1 $#' name arg1; sh -c 'echo ${1-none}'
trap 'echo trapped' EXIT; (trap - EXIT; echo sub); trap - EXIT
sh -c 'trap "echo bye" EXIT; echo hi'; sh -c 'trap "echo bye; exit 3" 0; exit 1'; echo $?
sh -c 'trap "echo usr" USR1; kill -USR1 $$; echo after'
sh -c 'trap "" TERM; kill -TERM $$; echo survived'
set -e; if false; then :; fi; false || true; ! true; set +e; echo e
sh -ec 'false; echo never'; echo $?
sh -ec 'false && true; echo reached'; sh -ec '(exit 4); echo never'; echo $?
sh -uc 'echo $undefined; echo never' 2>/dev/null; [ $? -ne 0 ] && echo unbound
umask 022; umask
while getopts ab:c opt -a -b val -c rest; do echo "$opt ${OPTARG-}"; done; echo $OPTIND
OPTIND=1; set -- -ab2 -- x; while getopts ab: opt; do echo "$opt ${OPTARG-}"; done; shift $((OPTIND-1)); echo $1
sleep 0 & wait; echo waited $?
(exit 6) & wait $!; echo $?
(exit 7) & p=$!; (exit 8) & wait $p; echo $?; wait
wait 99999; echo $?
a=1 b=2; echo $a$b; a=$b b=$a; echo $a$b
x=5; x=6 :; echo special $x
{ sleep 0; echo bg; } & wait
export PATH; command -v sh >/dev/null && echo found
echo "echo sourced \$1; return 3; echo never" > ${TMPDIR:-/tmp}/dot.$$
. ${TMPDIR:-/tmp}/dot.$$; echo $?; rm ${TMPDIR:-/tmp}/dot.$$
(shift 99) 2>/dev/null; echo still here
echo $-x | tr -d 'a-z'; set -- "a  b"; echo "$1"
read a b c <<X
1 2 3 4
X
echo "$a,$b,$c"
nonexistent_command 2>/dev/null; echo $?
/ 2>/dev/null; echo $?
echo $(exit 3; echo x)$?
