seq 15 > n; printf 'a\nb' > nl; : > e
# head, tail
head -n 3 n
head -2 n
head -c 5 n; echo
head -n -12 n
head -c -30 n; echo
head -n 0 n
head n e nl | tail -n 5
head -q -n 1 n nl
head -v -n 1 n
head -n 1 - < n
(head -n 2 >/dev/null; head -n 1) < n
head -n 1 missing n
head -n x n
seq 5 | head -n -10
head -n 2 nl; echo
head -c 1k n | wc -c
tail -n 3 n
tail -3 n
tail -n +13 n
tail -c 5 n
tail -c +30 n
tail -n 0 n
tail -n 1 nl; echo
tail -n 2 nl; echo
tail -n 100 nl; echo
tail -n 2 n nl; echo
tail -q -n 1 n nl; echo
tail -n +1 nl; echo
tail -n +0 nl; echo
seq 5 | tail -n 2
seq 5 | tail -c 3
seq 5 | tail -n +4
seq 5 | tail -c +5
seq 3000 | tail -n 2; seq 30000 > big; tail -n 1 big; tail -n 20000 big | head -n 1; tail -c 7 big
tail -n 1 missing n
tail e
tail -n x n
tail - < n | head -n 1
# cat
cat -n nl e; echo
printf 'a\n\n\n\tb\n' > t; cat -s t
cat -b t
cat -E t
cat -T t
cat -A t
cat -ns t
printf '\001\177\200\377\t\n' | cat -v
cat nl - n < nl | head -n 3; cat -u nl; echo
cat missing nl
cat .
cat -- nl; echo; cp nl self; cat self >> self; cat nl nl; echo
cat n > /dev/full
# uniq
printf 'a 1\na 1\nb 1\nB 1\nb 2\n' > u; uniq u
uniq -c u
uniq -d u
uniq -u u
uniq -i u
uniq -f 1 u
uniq -s 1 u
uniq -w 1 u
uniq -f 1 -c u
uniq -f 5 u
uniq u out; cat out
uniq - out < u; cat out | wc -l
printf 'x\nx' | uniq
uniq missing
uniq a b c
# wc
wc -l n
wc -w u
wc -c n nl | sed 's/  */ /g;s/^ //'
wc < u | sed 's/  */ /g;s/^ //'
wc -L u t | sed 's/  */ /g;s/^ //'
printf 'a\0b\200c d\n' | wc -w
wc -l e - < n | sed 's/  */ /g;s/^ //'
wc -l missing
