# comm, paste, rev, tac, fold
printf 'a\nb\nd\n' > x; printf 'b\nc\nd\ne\n' > y
comm x y
comm -12 x y
comm -3 x y
comm -23 x y
comm -1 x - < y
comm x missing
comm x
paste x y
paste -d , y x
paste -s x y
paste -d ',;' -s y
paste -d '\n' x y
paste -d '\0' x y
paste - - < y
paste -d 'ab' x y x
seq 3 | paste -s -d +
paste x missing
rev x y | head -n 2
printf 'abc\n\nde' | rev
printf '' | rev
tac y
tac x y
printf '1\n2' | tac
seq 300 | tac | head -n 2
tac missing x
printf 'abcdefghij\nab\n' | fold -w 4
printf 'ab cd efgh ijklmnop\n' | fold -s -w 6
printf 'a\tb\tc\n' | fold -w 9
printf 'a\tb\tc\n' | fold -b -w 2
printf 'abc\bdef\n' | fold -w 3 | od -c
printf 'abcdef' | fold -w 4; echo
seq -s ' ' 40 | fold
seq -s ' ' 40 | fold -s
fold -w 0
fold missing
