# Temporary names.
export TMPDIR=$PWD; mktemp | sed "s,^$PWD/,,;s/[^.]/x/g"
rm -f tmp.*; f=$(mktemp ab.XXXX); stat -c '%a %s %F' $f; echo $f | sed 's/\.[a-zA-Z0-9]\{4\}$/.-/'
d=$(mktemp -d d.XXXXXX); stat -c '%a %F' $d
mktemp -u u.XXXXX | wc -c; ls | grep -c '^u'
mktemp -p d.* XXX | wc -l; ls d.* | wc -l
mktemp -t t.XXXXXX | sed "s,^$PWD/t\.......$,ok,"
mktemp --suffix=.c s.XXXXX | sed 's/s\......\.c/ok/'
mktemp sXXXXX.c | sed 's/s.....\.c/ok/'
mktemp XX
mktemp missing/XXXXXX
mktemp -q missing/XXXXXX
mktemp a b
# Who and where.
id -un root
id -g root
id -gn root
id -u root; id root | sed 's/ groups.*//'
id nobody-here
id -n
id -ug
[ $(whoami) = $(id -un) ] && echo same
[ $(id -u) = $(id -ru) ] && echo same
[ "$(uname)" = "$(uname -s)" ] && echo same
[ "$(uname -n)" = "$(hostname)" ] && echo same
uname -a | grep -c "$(uname -n).*$(uname -v)"
[ "$(uname -rs)" = "$(uname -s) $(uname -r)" ] && echo same
uname -k
tty
tty -s
tty x
mkdir bin1 bin2; printf '#!/bin/sh\n' > bin1/tool; cp bin1/tool bin2/tool; : > bin1/plain; chmod +x bin?/tool
(PATH=bin1:bin2:$PATH; which tool; which -a tool; which plain; which tool nothing; which ./bin1/tool)
which
