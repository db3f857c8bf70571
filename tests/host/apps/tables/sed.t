printf 'one\ntwo\nthree\nfour\nfive\n' > n; printf 'a b c\nfoo bar\n\nlast' > t
# Addresses.
sed -n 2p n
sed -n '2,4p' n
sed -n '$p' n
sed -n '/t/p' n
sed -n '/two/,/four/p' n
sed -n '\,t,p' n
sed -n '4,2p' n
sed -n '2,/o/p' n
sed -n '/o/,/o/p' n
sed '2!d' n
sed '2,4!d' n
sed -n '2,$p' n
sed -n '/one/,3p' n
sed -n '/four/,3p' n
sed -n '0~2p' n
sed -n '1~3p' n
sed -n '2,+1p' n
sed -n '2,~4p' n
sed -n '0,/o/p' n
sed -n '1,/o/p' n
sed -n '/O/Ip' n
sed -n '$=' n t
sed -n '2{p;p}' n
sed -n '/t/{/w/!{p}}' n
sed -n '2 p ; 3 p' n
sed -n '2,3 !p' n
sed -n '/x*/p' n | wc -l
# Deleting, printing, numbers.
sed d n
sed 1d n
sed '/^$/d' t
sed -n l t
printf 'a\\b\tc\001\377\b\n' | sed -n l
printf '0123456789012345678901234567890123456789012345678901234567890123456789012345\n' | sed -n l
printf '01234567890123456789\n' | sed -n 'l 10'
printf '01234567890123456789\n' | sed -n -l 5 l
sed = n | sed 'N;s/\n/ /'
sed 3q n
sed -n 3q n
sed 2q5 n
sed 2Q n
sed -n 'P' n | head -n 2
# Substitutions.
sed s/o/O/ n
sed s/o/O/g t
sed 's/o/O/2' t
sed -n 's/o/O/p' n
sed 's/\(.*\) \(.*\)/\2 \1/' t
sed -E 's/(.*) (.*)/\2 \1/' t
sed 's/[aeiou]/<&>/g' n
sed 's/./\&/' n
sed 's,o,/,' n
sed 's|o|\||' n
sed 's/a b/x\ny/' t
sed 's/ /\
/g' t
sed 's/x*/-/g' t
echo baaac | sed 's/a*/x/g'
echo abcd | sed 's/b*/x/2'
echo aaa | sed 's/a/b/2g'
echo hello | sed 's/l*/X/3'
echo 'a.b' | sed 's/\./-/'
echo 'a/b' | sed 's/\//-/'
echo 'a|b' | sed 's|\||-|'
echo 'a.b axb' | sed 's/a\.b/X/g'
echo abc | sed 's/b\{1\}/X/'
echo abbbc | sed 's/b\{2,\}/X/'
echo 'x[1]' | sed 's/[][]/-/g'
printf '%s\n' 'a\b' | sed 's/\\/-/'
echo abc | sed 's/\(a\)\(b\)\(c\)/\3\2\1\0/' 2>/dev/null
echo abab | sed 's/\(ab\)\1/X/'
echo foo | sed 's/^/> /;s/$/ </'
echo foo | sed 's/o$/X/'
echo aXbXc | sed 's/X/\t/g'
echo hello world | sed 's/[a-z]*/\U&/;s/world/\u&/'
echo Hello | sed 's/.*/\L&/'
echo 'foo bar' | sed 's/\(.\)\(.*\) \(.*\)/\U\1\E\2-\u\3/'
echo abc | sed 's/B/x/I'
echo aaa | sed -n 's/a/b/gpw out'; cat out
sed -n 's/o/0/w o2' n; cat o2
echo a | sed s/a/b/w/dev/stdout
echo abc | sed -n 's/b/X/;T;p'
echo a,b,c | sed 's/,/\n/;P;D'
echo one two | sed 's/one/&&/;s//[&]/'
echo aXb | sed '/X/s//-/'
echo 'a+b' | sed 's/a+b/X/'
echo 'aab' | sed -E 's/a+b/X/'
echo 'ab|cd' | sed -E 's/ab\|cd/X/'
echo cd | sed -E 's/ab|cd/X/'
echo 'a{2}' | sed 's/a{2}/X/'
echo aa | sed -E 's/a{2}/X/'
printf 'a\nb\n' | sed 'N;s/a\nb/X/'
printf 'a\nb\n' | sed 'N;s/^b/X/;s/a$/Y/'
printf 'a\nb\n' | sed 'N;s/^b/X/M;s/a$/Y/M'
printf 'a\nb\n' | sed 'N;s/[\n]/-/'
printf 'a\tb\n' | sed 's/\t/T/'
# Lines joined, held, and gone through again.
sed -n '1!G;h;$p' n
sed G n | head -n 4
sed '$!N;s/\n/-/' n
sed 'N;N;s/\n/,/g' n
sed -e ':a' -e '$!{N;ba' -e '}' -e 's/\n/,/g' n
sed ':a;N;$!ba;s/\n/ /g' n
sed '$!N;P;D' n
sed -n 'H;${x;s/\n/,/g;p}' n
sed -n 'h;n;G;p' n
sed 'n;d' n
sed 'x;G;1d' n
sed 'y/abc/xyz/' t
printf '%s\n' 'a/b\c' | sed 'y/\/\\/xy/'
printf 'a\nb\n' | sed 'N;y/\n/,/'
echo aaab | sed ':x;s/aa/a/;tx'
echo abc | sed 's/x/y/;ta;s/b/B/;:a;s/c/C/'
echo abc | sed 's/a/A/;ta;s/b/B/;:a;s/c/C/'
echo abc | sed 'b end;s/a/X/;: end'
printf '{s/a/1/\ns/b/2/}' > s.sed; echo abc | sed -f s.sed
echo abc | sed -e 's/a/1/' -e 's/b/2/'
printf 's/a/1/;#comment\ns/b/2/ # another' > s.sed; echo abc | sed -f s.sed
printf '#n\np\n' > quiet.sed; sed -f quiet.sed n | head -n 1
printf 's/o/0/\n2q\n' > s.sed; sed -f s.sed n
printf 'a\nb\nc\nd\n' | sed -n '$!{h;d};H;x;p'
printf 'a\n\n\nb\n\n\nc\n' | sed '/^$/N;/\n$/D'
printf '1\n2\n3\n' | sed z | wc -l
# Text.
sed '2a\
after' n
sed '2i\
before' n
sed '2c\
changed' n
sed '2,3c\
changed' n
sed '2,3!c\
changed' n
sed '$a\
one\
two' n
sed '1i\
  indented' n | head -n 1
sed '2a after' n | head -n 3
sed '2i\before' n | head -n 2
sed -e '$!{2a x' -e '}' n | head -n 3
sed -e '1a\' -e 'text' n | head -n 2
sed '1a\
back\\slash\
t\zb' n | head -n 3
sed -n '1a x' n
sed -e '1{a x' -e 'd}' n | head -n 2
sed '1r t' n | head -n 4
sed '1r missing' n | head -n 2
sed -e 'r t' -e N n | head -n 3
sed -n '/t/w found' n; cat found
sed -n '1w /dev/stdout' n
# Files.
sed -s -n '$p' n t
sed -n '$p' n t
sed -n 1p n t
sed -n '1p' - < n
sed -s -n 1p n t; echo
printf 'no newline' | sed 's/no/a/'; echo
printf 'x\ny' > y; sed p y; echo
sed '' y n | head -n 3
cp n i; sed -i 2d i; cat i
cp n i; sed -i.bak 's/o/0/' i; cat i; cat i.bak | head -n 1
cp n i; sed -n -i 2p i; cat i
cp n i; cp n j; sed -i 1d i j; cat i j | wc -l
cp n i; sed -i -e 2q i; cat i
cp n i; chmod 640 i; sed -i 1d i; stat -c %a i
mkdir sub; cp n sub/i; sed -i.old 1d sub/i; ls sub
sed -i p missing
sed p missing n | head -n 1
sed -n '$p' n missing
sed p < n | head -n 2
echo x | sed -E 's/(x)(y)?/[\1\2]/'
printf 'a\0b\n' | sed 's/b/c/' | od -An -c
seq 20000 | tr -d '\n' > long; echo >> long; sed 's/[0-9]/y/g' long | tr -d 'y\n' | wc -c
# What is wrong.
sed
sed k n
sed 's/a' n
sed 's/a/b' n
sed 's/a/b/gg;s/x/y/0' n
sed 's/\(a/b/' n
sed 's/a/\1/' n
sed 'y/ab/c/' n
sed '{p' n
sed 'p}' n
sed 'b nowhere' n || echo refused
sed '3,p' n
sed '0p' n
sed 's/a/b/k' n
sed 'p x' n
sed '3' n
sed ': ' n
sed 'r' n
sed -f missing n || echo refused
sed -n '/[/p' n
sed -n '//p' n
sed w/nonexistent/f n
