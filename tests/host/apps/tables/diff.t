seq 20 > a; sed -e '3d' -e '7s/$/x/' -e '15a\' -e 'new' a > b; printf '1\n2' > nonl; printf '1\n2\n' > nl
: > empty
diff a b
diff b a
diff a a
diff -s a a
diff -q a b
diff -e a b
diff -f a b
diff -u --label old --label new a b
diff -U 0 -L old -L new a b
diff -U1 -L old -L new a b
diff -c --label old --label new a b
diff -C 1 --label old --label new a b
diff -c -L a -L b nl empty
diff -c -L a -L b empty nl
diff -u -L a -L b nl empty
diff -u -L a -L b empty nl
diff nonl nl
diff -u -L a -L b nl nonl
diff empty nl
diff nl empty
diff nonl empty
seq 20 | sed 's/^1$/one/' | diff a -
seq 20 | diff - a
# Runs slide to where they read best.
printf 'a\nb\nb\nc\n' > x; printf 'a\nb\nc\n' > y; diff x y; diff y x
printf '{\n1\n}\n\n{\n2\n}\n' > x; printf '{\n1\n}\n\n{\n3\n}\n\n{\n2\n}\n' > y; diff -u -L x -L y x y
printf 'a\nb\nc\na\nb\nb\na\n' > x; printf 'c\nb\na\nb\na\nc\n' > y; diff x y
seq 1 100 > x; seq 50 150 > y; diff x y | wc -l
for i in 1 2 3 4 5 6; do echo $i; echo; done > x; sed 4d x > y; diff x y; sed 's/3/3\n/' x | diff x -
seq 200 | sed 's/$/ /' > x; diff -b x x; seq 200 | diff -b x - && echo same
# What does not count.
printf 'a  b\n c\nD\n' > x; printf 'a b\nc \nd\n' > y; diff -b x y
diff -w x y
diff -i x y
diff -wi x y && echo same
diff -bi x y
printf 'a b\n' > x; printf 'a b' > y; diff -b x y; printf 'a b  \n' | diff -b x - && echo same
printf 'ab\n' | diff -w x - && echo same
printf 'ab\n' | diff -b x -
# Binary.
printf 'a\0b\n' > x; printf 'a\0c\n' > y; diff x y
diff -q x y
diff -a x y | od -An -c
diff x x && echo same
# Directories.
mkdir d e d/sub e/sub d/only; echo 1 > d/f; echo 2 > e/f; echo 3 > d/sub/g; echo 4 > e/sub/g; echo 5 > e/h; echo 6 > d/same; cp d/same e/same
diff d e
diff -r d e
diff -qr d e
diff -rs d e
diff -r -U 0 d e | sed 's/	.*//'
diff -rN d e
diff -r d d && echo same
diff d/f e
diff d e/f
diff d/sub e/sub/g
echo 7 > d/kind; mkdir e/kind; diff -r d e | grep kind
# What is wrong.
diff
diff a
diff a missing
diff missing a
diff -k a b
diff -N a missing | wc -l
diff -U x a b
