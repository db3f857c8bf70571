# readlink, basename, env, cmp
mkdir -p a/b; : > a/b/f; ln -s a/b l; ln -s missing m; ln -s b/f a/g; here=$(pwd -P)
cut_here() { sed "s,^$here,HERE,"; }
readlink l
readlink -n l; echo
readlink l m
readlink a
readlink missing
readlink -f l/f | cut_here
readlink -f a/g | cut_here
readlink -f a/new | cut_here
readlink -f new | cut_here
readlink -f m | cut_here
readlink -f . | cut_here
readlink -f /
readlink -f /missing
readlink -f no/where
readlink -e m
readlink -e l/../b | cut_here
readlink -f l a/b/f | cut_here
readlink
basename /usr/bin/
basename /
basename a/b.c .c
basename .c .c
basename -a x/y z/w
basename -s .c x/y.c z.c w.h
basename -a -s .c x/y.c
basename -- -x
basename
basename a b c
env -i A=1 B=2
env -i - A=1
A=1 B=2 env -u A printenv A B
env - C=3
env -i A=1 "$(command -v printenv)" A
env A=x sh -c 'echo $A'
env nothing-here
env -u
env -q
printf 'abcdef\n' > x; printf 'abXdeY\n' > y; printf 'abc' > z; : > e
cmp x x
cmp x y
cmp -s x y
cmp -l x y | sed 's/^ *//'
cmp x z
cmp e x
cmp -s x z
cmp - x < x
cmp x missing
cmp -s missing x
tee -i copy < x; cmp copy x
echo more | tee -ai copy; tail -n 1 copy
