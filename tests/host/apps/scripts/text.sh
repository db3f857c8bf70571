# Tools for text and trees.
d=${TMPDIR:-/tmp}/text.$$; mkdir $d; cd $d
printf 'b\na\nc\na\nB\n10\n9\n' > w
sort w; echo; sort -r w; echo; sort -u w; echo; sort -n w | tail -n 2; sort w | uniq -c | while read n l; do echo $n $l; done
sort w | uniq -d; sort w | uniq -u; uniq < /dev/null
printf 'x 3\ny 1\nz 2\n' | sort -k 2; printf 'x:30\ny:4\n' | sort -t : -k 2 -n; printf 'only' | sort
printf 'one:two:three\nno separator\n' > f; cut -d : -f 2 f; cut -d : -f 1,3 f; cut -d : -f 2- -s f
cut -c 1-3 f; cut -c 2 f; cut -c -2 f; cut -f 1 f
echo hello | tr a-z A-Z; echo hello | tr -d l; echo 'a  b' | tr -s ' '; echo abc | tr -c 'a\n' x
echo 'x y' | tr ' ' '\n'; echo ABC | tr '[:upper:]' '[:lower:]'; printf 'a\n\n\nb\n' | tr -s '\n'; echo a1b2 | tr -d '[:digit:]'
echo tee | tee t1 t2; cat t1 t2; echo more | tee -a t1 >/dev/null; cat t1
cmp t1 t1; echo $?; cmp -s t1 t2; echo $?; printf 'abc\n' > c1; printf 'abd\n' > c2; cmp c1 c2; echo $?
basename /a/b/c; basename /a/b/ ; basename / ; basename x.c .c; dirname /a/b/c; dirname /a; dirname a; dirname a/b/; dirname /
chmod 640 f; ls -l f | cut -c 1-10; chmod u+x,g-r,o=r f; ls -l f | cut -c 1-10; chmod a=rw f; ls -l f | cut -c 1-10
ln -s target link; readlink link; readlink f; echo $?
mkdir -p tree/a/b; touch tree/x.c tree/a/y.c tree/a/b/z.h
find tree | sort; find tree -name '*.c' | sort; find tree -type d | sort; find tree -maxdepth 1 | sort; find missing 2>/dev/null; echo $?
printf 'a b\nc\n' | xargs echo; printf '1 2 3 4 5' | xargs -n 2 echo; printf '"a b" c\\ d' | xargs -n 1 echo
echo x | xargs false; echo $?; find tree -name '*.h' | xargs ls; xargs echo empty < /dev/null
grep a w; grep -c a w; grep -n '^[0-9]*$' w; grep -v '[a-z]' w; grep -i b w; grep -E 'a|c' w; grep -F . w; echo $?
grep -q a w; echo $?; grep zzz w; echo $?; grep -l a w f; grep two f w; grep x missing 2>/dev/null; echo $?; echo 'a.b' | grep -F a.b
printf 'AB\n\001' | od -t x1; printf 'AB\n\001' | od -c; printf 'A' | od -A d -t u1 | tr -s ' '; printf x | od -A n -t o1
date -u +%Y | grep -c '^20[0-9][0-9]$'; time true 2>/dev/null; echo $?; env time sh -c 'exit 3' 2>/dev/null; echo $?
sync; echo $?
printf 'a\nb' | uniq; printf '\n\n' | sort | uniq -c | tr -d ' '
cd /; rm -r $d
time -p sh -c 'exit 3' 2>&1 | cut -d' ' -f1; time -p -- false 2>/dev/null; echo $?
