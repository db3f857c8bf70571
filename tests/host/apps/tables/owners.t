# printenv, truncate, link, unlink, nice, chown, chgrp
A=1 B='2 3' printenv A B
printenv NO_SUCH HOME >/dev/null
env -i C=4 "$(command -v printenv)"
truncate -s 5 f; wc -c < f
truncate -s +1K f; wc -c < f
truncate -s -24 f; wc -c < f
truncate -s '<100' f; wc -c < f
truncate -s '>200' f; wc -c < f
truncate -s /150 f; wc -c < f
truncate -s %100 f; wc -c < f
printf 123 > g; truncate -r g f; wc -c < f
truncate -c -s 3 missing; ls
truncate -s 3
truncate f
truncate -s x f
truncate -s 3 no/where
link g h; echo more >> h; cat g; echo
link missing x
link g h
link g
unlink h; ls
unlink missing
unlink
mkdir d; touch d/a; ln -s g l
u=$(id -u) g=$(id -g)
chown "$u" f; chown "$u:$g" f g; chown ":$g" f
chown -R "$u:$g" d; chown -h "$u" l
chgrp "$g" f; chgrp -R "$g" d; chgrp -h "$g" l
chown no-such-user f
chown :no-such-group f
chgrp no-such-group f
chown "$u" missing
chown -f "$u" missing
chown "$u"
nice true 2>/dev/null
nice false 2>/dev/null
nice -n 1 echo nicer 2>/dev/null
nice nothing-here
nice -n x true
