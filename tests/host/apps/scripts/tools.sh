# The tools, in a directory of their own; what they print must be what any POSIX system prints.
d=${TMPDIR:-/tmp}/tools.$$; mkdir $d; cd $d
echo one > a; echo two > b; cat a b; cat < a; echo three | cat a - b
cat missing a 2>/dev/null; echo $?
mkdir x; mkdir x 2>/dev/null; echo $?; mkdir -p x/y/z x/y/z; echo $?; ls x x/y
mkdir -m 700 m; ls -ld m | cut -c 1-10
touch x/f; ls x; ls -a x; ls -A x; ls -d x; ls a x; ls missing 2>/dev/null; [ $? -ne 0 ] && echo no
cp a c; cat c; cp a b x; ls x; cp missing y 2>/dev/null; echo $?; cp x y 2>/dev/null; [ $? -ne 0 ] && echo dir
cp -r x copy; ls copy copy/y; cp -r x copy; ls copy/x
cp a a 2>/dev/null; echo $?; cp a b missing 2>/dev/null; [ $? -ne 0 ] && echo target
mkdir self; touch self/s; cp -r self self/inside 2>/dev/null; ls self/inside | head -n 1
mv c d; ls c 2>/dev/null; cat d; mv a d x; ls; cat x/a; mv x/a .; mv missing e 2>/dev/null; echo $?
ln a hard; ls -l hard | cut -c 1-10; ln -s a soft; cat soft; readlink soft 2>/dev/null || echo a
ln -s /nowhere dangling; cat dangling 2>/dev/null; echo $?; [ -h dangling ] && echo link
ln a soft 2>/dev/null; echo $?; ln -sf b soft; cat soft; cp soft followed; cat followed
cp -r soft linked; [ -h linked ] && echo still a link
echo x > ro; chmod 444 ro 2>/dev/null; rm -f ro; [ -e ro ] || echo gone
rm missing 2>/dev/null; echo $?; rm -f missing; echo $?; rm x 2>/dev/null; echo $?; rm hard soft; ls
rm -r copy self; ls; rmdir x 2>/dev/null; echo $?; mkdir e e/f e/f/g; rmdir e/f/g; ls e/f; rmdir -p e/f; ls
printf 'one two\nthree\n' | wc | { read a b c; echo $a $b $c; }
printf 'one two\nthree' > w; wc -l w; wc -w < w | tr -d ' '; wc -c w
seq 5; seq 2 4; seq 5 -2 1; seq 3 1
seq 100 > n; head -n 2 n; head -3 n; tail -n 2 n; tail -3 n; tail -n +99 n; head n | tail -n 1; head -n 0 n
printf 'no newline' | tail -n 1; echo; printf 'a\n\nb' | head -n 2
echo -n x; echo; echo
env -i A=1 B=2 env; env -i C=3 sh -c 'echo $C'; env false; echo $?; env /nonexistent 2>/dev/null; echo $?
true; echo $?; false; echo $?
test 1 -eq 1; echo $?; [ -f a ]; echo $?; /bin/sh -c 'exit 0'; p=$(env pwd); echo ${p##*/tools.}X | tr -d 0-9
env printf '%s %d\n' text 5; env echo via echo; env test -d x; echo $?
sleep 0; echo $?; sleep x 2>/dev/null; [ $? -ne 0 ] && echo usage
(sleep 5 & kill $!; wait $!; echo $?)
env kill -0 $$; echo $?
yes | head -n 1; yes a b | head -n 2 | tail -n 1
cat /dev/null > truncated; wc -c < truncated | tr -d ' '
rm -r ./x y 2>/dev/null; [ -d x ] || echo removed
rm -r . 2>/dev/null; [ -e n ] && echo kept
cd /; rm -r $d; [ -d $d ] || echo clean
