mkdir -p d/sub/deep d/empty; printf 12345 > d/b; : > d/a; ln -s b d/l; echo x > d/sub/C.txt; mkfifo d/p; chmod 640 d/b; chmod 755 d/a; seq 300 > d/sub/deep/big; touch -t 200102030405 d/a; touch -t 200102030406 d/b
s() { find "$@" | sort; }
s d
s d -type f
s d -type d,l
s d -type p -o -type l
s d -name '*b*'
s d -name 'c.*' -o -iname 'c.*'
s d -path 'd/s*' -type f
s d ! -type d ! -type f
s d -not -type d -a -perm 640
s d -type f -perm -100
s d -type f -perm /u+x,g+w
s d -type f -perm u=rw,g=r
s d -type f -size 1
s d -type f -size +1
s d -type f -size -5c
s d -type f -size 5c
s d -type f -size 2k
s d -newer d/b -type f
s d ! -newer d/b -type f
s d -type f -mtime +100
s d -type f -mtime -1
s d -type f -mmin -60
s d -empty
s d -maxdepth 1
s d -mindepth 2
s d -maxdepth 0
s d -mindepth 1 -maxdepth 1 -type d
s d -name sub -prune -o -type f -print
s d -path d/sub -prune
s d '(' -name a -o -name b ')' -print
s d -name a -o -name b -print
find d/sub/deep -depth
find d/sub/deep -print0 | tr '\0' '\n'
find d/sub/deep -print -print
s d -type f -exec echo {} ';'
s d -name a -exec echo '<{}>' x{}y \;
find d/a d/b d/sub/deep -type f -exec echo {} +
find d/a d/b -exec false {} \; -print
find d/a d/b -exec true {} \; -print
find d/a -exec false {} +
find d/a -exec nothing-here {} \;
find d/a -ok echo {} \; 2>/dev/null
find d/a d/b -quit
find d/a d/b -print -quit
s d -links +1 -type d
s d -links 1 -type f -name a
s d -user "$(id -u)" -name a
s d -group "$(id -g)" -name a -nouser
s d/l -type l
s -L d/l -type f
s -H d/l -type f
s d -false -o -name a
s -L d -type l
find missing
find d/a missing d/b
find d -name
find d -bogus
find d '('
find d '(' -name a
find d -name a ')'
find d -type x
find d -size 1q
find d -mtime x
find d -newer missing
find d -exec echo
find d -maxdepth x
cd d/empty; find; find -type d; cd ../..
find d -name '*.txt' -delete; s d -type f
find d/sub -delete; s d -type d
find d -name empty -print -delete -o -name sub; s d -type d
find d -xdev -name a
