# Options of set, and what they do.
cd "${TMPDIR:-/tmp}" && mkdir opts.$$ && cd opts.$$ || exit
set -a; exported=1; set +a; private=2
sh -c 'echo ${exported-none} ${private-none}'
set -C; echo old > file
(echo new > file) 2>/dev/null; echo $? $(cat file)
echo forced >| file; cat file; echo null > /dev/null; echo $?
echo more >> file; cat file
set +C; echo plain > file; cat file
set -f; echo *; set +f; echo *
(set -u; echo ${unset_thing-default}; echo $unset_thing) 2>/dev/null; echo $?
(set -u; set --; echo "$@" $*; echo $#); echo $?
(set -u; echo ${1}) 2>/dev/null; echo $?
sh -n -c 'echo never'; echo $?
sh -nc 'if' 2>/dev/null; echo $?
case $- in *e*) echo e;; *) echo no e;; esac
set -e; case $- in *e*) echo e;; esac; set +e
set -o noglob; echo *; set +o noglob
set -eu; case $- in *e*u*|*u*e*) echo both;; esac; set +eu
set -- a 'b c'; echo $# "$2"; set --; echo $#
set x -e; echo $1 $2; set -- -e; echo $1; case $- in *e*) echo set;; *) echo unset;; esac
set - y; echo $1
sh <<'X' 2>&1 >/dev/null
set -v
echo shown
set +v
X
sh -xc 'a=1; b=2 true "x y"; echo $a' 2>&1
PS4='<$a> ' sh -xc 'a=1; echo 2' 2>&1
(set -o nonsense) 2>/dev/null; echo $?
sh -s one two <<'X'
echo $# $1 $0
X
echo 'echo $-' | sh -s | grep -c s
sh -c 'case $- in *s*) echo s;; *) echo no s;; esac'
sh +e -c 'false; echo on'; sh -e -c 'false; echo on'; echo $?
cd ..; rm -r opts.$$
