printf 'one\ntwo words\nThree\nfour four\nfive.x\nfive_x\n' > f; printf 'two\nsix\n' > g; : > e; mkdir -p d/s; cp f d/f; cp g d/s/g
grep o f
grep -c o f g e
grep -v o f
grep -n o f g
grep -i three f
grep -l o f g e
grep -L o f g e
grep -q o f; echo $?
grep -q nothing f
grep -x two f g
grep -w five f
grep -w four f
grep -ow four f
grep -o 'f[a-z]*' f
grep -on 'o' f
grep -bo 'four' f
grep -b four f
grep -F . f
grep -F 'e.' f
grep -Fx two g
grep -Fi THREE f
grep -Fw five f
grep -E 'one|two' f
grep -E '(four ?)+$' f
grep 'fo*' f
grep '^t' f
grep 's$' f
grep -e one -e six f g
grep "$(printf 'one\nsix')" f g
printf 'one\nsix\n' > p; grep -f p f g
grep -f e f
grep '' e
grep '' g
grep -c '' f
grep -A 1 one f
grep -B 1 Three f
grep -C 1 Three f
grep -n -C1 words f
seq 20 | grep -A1 -B1 '[37]$'
seq 20 | grep -A1 '5' | tail -n 3
seq 30 | grep -2 15
grep -m 2 o f
grep -c -m 2 o f
seq 10 | grep -m 1 -A 2 5
grep -r two d
grep -rh two d
grep -rl two d
grep -rc two d
grep -H six g
grep -h two f g
grep two < f
grep -H two - < f
grep -n two - g < f
printf 'a\0b\0' | grep -z b | od -An -c
printf 'no newline' | grep no
grep -e -x f
grep -- -x f
echo '-x' | grep -e -x
grep -s two missing
grep two missing
grep two missing g
grep -q two missing g; echo $?
grep two d
grep -vc two g
grep -ov two g
grep -il TWO f g
grep '\(four\) \1' f
grep 'five[._]x' f
echo ab | grep -x 'a\|b'
echo 'a b' | grep -w 'b'
echo foobar foo | grep -ow 'foo'
echo 'ab abc' | grep -w 'abc*'
grep
grep -E '(' f
grep -A x o f
