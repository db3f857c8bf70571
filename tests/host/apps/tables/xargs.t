printf 'a b\n c\td\n' | xargs
printf 'a b\n c\td\n' | xargs echo -
printf "a 'b c' \"d e\" f\\\\ g\n" | xargs -n 1 echo
seq 7 | xargs -n 3
seq 7 | xargs -n3 echo x
printf 'a b\nc d\ne\n' | xargs -L 1
printf 'a b \nc d\ne\n' | xargs -L 1
printf 'a\n\nb\nc\n' | xargs -L 2
printf 'a b\n  c d\n' | xargs -I {} echo '<{}>' '{}{}' x
printf 'a b\nc\n' | xargs -I% echo % -%-
printf 'a b\0c\nd\0' | xargs -0 -n 1 echo
printf 'a\0b\0c' | xargs -0
printf '' | xargs echo none
printf '' | xargs -r echo none
printf '  \n' | xargs -r echo none
printf '' | xargs -I{} echo none {}
printf '' | xargs -0 echo none
echo a b | xargs -t echo x 2>&1
echo a | xargs false
echo a b c | xargs -n 1 sh -c 'echo $0; test $0 != b'
echo a | xargs sh -c 'exit 255'
echo a | xargs sh -c 'kill -9 $$'
echo a | xargs nothing-here
echo "a 'b" | xargs
seq 4 | xargs -P 2 -n 1 | sort
seq 5 | xargs -s 9 echo
seq 1000 | xargs | wc -c
seq 5000 | xargs -n 100 echo | wc -l
echo a b | xargs cat -n
printf 'a b\nSTOP\nc\n' | xargs -E STOP
echo x | xargs -n 0
echo x | xargs -n y
printf 'x\ny\n' | xargs -n 1 -- echo -n; echo
printf 'one\\\ntwo\n' | xargs -n 1
find . -maxdepth 0 -print0 | xargs -0 ls -d
