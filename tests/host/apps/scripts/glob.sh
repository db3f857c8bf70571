# File names.
d=${TMPDIR:-/tmp}/glob.$$; mkdir $d; cd $d
touch a b c ab .hidden 'sp ace' 'st*r'; mkdir sub sub/deep; touch sub/x sub/y sub/deep/z
echo *
echo ?
echo [ab]* [!ab]*
echo sub/* */x */*/*
echo .h*
echo 'a*' "b*" c\*
echo nomatch* "*"
echo st\** 'st*'*
for f in s*; do echo "<$f>"; done
x='a*'; echo $x "$x"
echo */
set -f; echo *; set +f
echo ./a* ././b
cd sub; echo ../a*; cd ..
echo [a-c] [[:alpha:]] [c-a] [
y=[ab]; echo $y
for f in "$d"/a* "$d/sub"/d*/z "$d"/sub/nope*; do echo ".${f#"$d"}"; done
h=.; echo "$h"hid* ".h"*; case a/b in "a/"*) echo slash;; esac
cd /; rm -r $d
