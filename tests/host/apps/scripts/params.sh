# Parameter expansion.
unset u; e=; v=value
echo 1 ${u-default} ${u:-default} ${e-default} ${e:-default} ${v-default}
echo 2 ${u+alt} ${u:+alt} ${e+alt} ${e:+alt} ${v+alt} "${u+alt}"
echo 3 ${u=assigned} $u ${e:=filled} $e
p=/usr/lib/libc.so.6
echo 4 ${p#*/} ${p##*/} ${p%/*} ${p%%/*} ${p%.*} ${p%%.*}
echo 5 ${#p} ${#v} ${#nothing}
q='*'
echo 6 "${q}" ${p#"/usr"} ${p#/u?r} "${p%"$q"}" ${v%[u-z]e}
set -- one 'two words' three
echo 7 $# $1 "$2" ${3} $*
for i in "$@"; do echo "8 <$i>"; done
for i in $*; do echo "9 <$i>"; done
IFS=:; echo "10 $*"; unset IFS
shift; echo 11 $# "$1"
shift 2; echo 12 $# "$@"
for i in "$@"; do echo never; done
for i in "x$@y"; do echo "13 <$i>"; done
set -- a b
for i in "x$@y"; do echo "14 <$i>"; done
echo 15 "${1:-x}" "${9:-none}" ${9-"two words"} "${9-"in ner"}"
n=abc
echo 16 ${n}def "$n"def $n-def ${n:-}
echo 17 "${u:+"a  b"}" ${v:+a  b}
echo 18 ${v:-$(echo not run >&2)} ok
(echo ${nope?message}) 2>/dev/null || echo 19 failed
(echo ${nope:?}) 2>/dev/null || echo 20 failed
set -- 1 2 3 4 5 6 7 8 9 ten
echo 21 ${10} $10
echo 22 ${1+"$@"}
x='a b'; echo 23 ${x:+"$x"} "${x% *}" "${x#* }"
echo 24 "${v}" "${v%}" "${v#}"
a='\*'; echo 25 "${a#\\}" "${a%\*}"
echo 26 ${#}
echo "27 ${u:-"}"}"
echo "28 ${nope-a}b}"
