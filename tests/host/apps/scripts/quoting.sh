# Quotes, backslashes and empty words.
echo 'single $x "inside"' "double 'inside' $((1+1))"
echo a\ b c\\d \$x \"
printf '%s\n' "a\"b\\c\$d\`e" "\q"
x='a  b'
echo $x "$x" '$x'
set -- '' "" a''b
echo $# "<$1>" "<$3>"
echo con\
tinued "con\
tinued"
echo a#b # a comment
echo "a
b"
echo ''\''quote'\'''
echo "$x"y'z'"$x"
echo \a\b "tab	tab"
printf '%s\n' "\\" '\\' "\
end"
