# Here-documents.
v=value
cat <<A; cat <<'B'; cat <<\C
one $v ${v#va} $(echo sub) `echo old` $((1+2)) \$v \\ \a "q" 'q'
A
two $v $(echo sub) \$v \\
B
three $v
C
cat <<-X
	tabs go
		all of them
  blanks stay
	X
cat <<"E F"
spaced delimiter
E F
cat <<A <<B
first
A
second
B
cat <<A | tr a-z A-Z
piped
A
while read l; do echo "<$l>"; done <<X
a b
 c
X
if true; then cat <<X
in if
X
fi
f() { cat <<X
function $1
X
}
f 1; f 2
echo $(cat <<X
in substitution
X
)
cat <<X
line \
joined
$(cat <<Y
inner
Y
)
X
cat <<X
${v:-a
b}${u-"quoted"}
X
(cat; echo end) <<''
until an empty line

cat 3<<X <&3
by descriptor
X
cat <<E1
$(echo "nested 'quotes' here")
E1
i=0; for w in a b; do cat <<X
$w$((i=i+1))
X
done
cat <<A$v
literal delimiter
A$v
! cat <<X
negated
X
echo $?
