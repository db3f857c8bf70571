# ls
t() { touch -t 200102030405 "$@"; }
mkdir d d/sub; printf 12345 > b; : > a; printf 1 > .h; ln -s b l; chmod 755 a; mkfifo p; t a; touch -t 200102030406 b; touch -t 200102030407 d; touch d/x d/sub/y
ls
ls -a
ls -A
ls -d d b
ls d b
ls -1 d
ls -r
ls -t a b d
ls -tr -d a b d
ls -S a b .h
ls -F
ls -p
ls -R d
ls -Rd d
ls -m
ls -x
COLUMNS=10 ls -C
COLUMNS=10 ls -m
ls -l a | sed 's/ [^ ]* [^ ]* / U G /'
ls -lgo a b
ls -lgon l | sed 's/ [A-Z].* l / T l /'
ls -lgoL l
ls -lgoh b
ls -go -d d | cut -c 1-10
ls -i a | sed 's/^[0-9]* /I /'
ls -s .h | wc -w
ls -l d/sub | head -n 1
ls -lgo d/sub | sed 1d | cut -c 1-14
ls l d/x
ls missing a
ls -H l
ls -n a | sed 's/  *[0-9][0-9]*  *[0-9][0-9]* / U G /'
ls -q; touch "$(printf 'a\tb')"; ls -q a?b; rm a?b
ls -f | sort | head -n 3
ls -k a; ls -c1 a; ls -u a
ls -d /dev/null
# cp
cp b c; cat c; echo
cp b d; cat d/b; echo
cp b a d; ls d
cp missing x; ls x
cp d e
cp -r d e; ls -R e
cp -R d e; ls e/d
cp -p a q; stat -c '%a %Y' q
cp a q2; [ "$(stat -c %Y q2)" != 981173100 ] && echo newer
cp -r l l2; ls -F l2; cp l l3; ls -F l3; cp -P l l4; ls -F l4; cp -RL l l5; ls -F l5
t d; cp -a d f; stat -c %Y f
cp b b
cp a b missing
cp -r p pp; ls -F pp
echo x > ro; chmod 444 ro; cp -f b ro; cat ro; echo
cp -n a b; cat b; echo
cp -u a b; cat b; echo
cp -v b c
cp -l b hard; stat -c %h b
cp -s b soft; readlink soft
cp -T b c && echo ok
cp -t d c && ls d
cp -r d d/inside; ls d/inside
cp b d/sub/missing/x
cp b nodir/
mkdir m; cp d/x d/b m; cp -R m/. e; ls e
cp
cp b
# mv
mv c c2; ls c c2
mv c2 d; ls d/c2; mv d/c2 c
mv missing x
mv a b q; mv a q e; ls e
mv -n b hard; ls b hard
mv -v soft soft2
mv -f b hard; cat hard; echo
mkdir g; mv g e; ls -d e/g; mv e/g .; mv g h; ls -d h
mv h e/missing/x
mkdir full; : > full/f; mkdir k; mv k full; ls full; mkdir k; mv k full; : > full/k/x; mkdir k2 k2/k; mv k2/k full
mv e e/sub
mv -T hard c; ls c
mv hard hard
mv x
# ln
echo 1 > f1; ln f1 f2; stat -c %h f1; ln f1 f2; ln -f f1 f2; stat -c %h f1
ln -s f1 s1; ln -s f2 s1; ln -sf f2 s1; readlink s1
ln -s d sd; ln -s f1 sd; readlink d/f1; rm d/f1; ln -sfn f1 sd; readlink sd
ln missing m1; ln -s missing m1; readlink m1
ln f1 f2 d; ls d | grep f; ln d dd
ln -L s1 h1; stat -c %F h1; ln -P s1 h2; stat -c %F h2
ln -T f1 d
# rm
rm f1 f2; ls f1
rm missing; rm -f missing; rm -f
rm d; rm -d k; rm -d d; rm -r d; ls d
rm -rf d nothing e; ls
rm -v c
rm -r . ; rm -rf ../work/..
mkdir -p z/y/x; echo n | rm -ri z; ls -d z; chmod 500 z/y; rm -rf z; ls z
echo y | rm -i ro; ls ro
rm
