# read: fields, separators, backslashes, the end of input.
try() { IFS=$1; printf "$2" | { read a b c; printf '%s [%s][%s][%s]\n' $? "$a" "$b" "$c"; }; unset IFS; }
try ' ' 'one two three\n'
try ' ' '  one   two  \n'
try ' ' 'a b c d  \n'
try : 'a:b:c\n'
try : 'a:b:c:\n'
try : 'a:b:c::\n'
try : 'a:b:c:d:\n'
try : '::x\n'
try ': ' ' a : b  c : \n'
try ': ' 'a: :b\n'
try '' ' a b c \n'
try ' ' 'no newline'
try ' ' ''
try ' ' '\n'
try ' ' 'a\\ b c\n'
try ' ' 'a\\\nb c\n'
try : 'a\\:b:c\n'
try ' ' 'a\\tb \\\\ c\n'
printf 'a\\tb\\ c\\\n' | { read -r x y; printf '%s [%s][%s]\n' $? "$x" "$y"; }
printf '  lead\n' | { IFS= read -r x; echo "[$x]"; }
printf '1\n2\n3\n' | while read n; do echo "line $n"; done
printf 'a b\n' | { read x; echo "[$x]"; }
printf 'first\nsecond\n' | { read x; cat; }
echo 'x y' | { x=old; read x y z; echo "[$x][$y][$z]"; }
while IFS=: read -r user pass rest; do echo "$user-$rest"; done <<X
root:x:0:0
bin:*:1
X
readonly fixed=1; (echo 2 | read fixed) 2>/dev/null; echo $fixed
read nothing </dev/null; echo $? "[$nothing]"
