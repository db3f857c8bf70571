# Redirections; works in a directory of its own.
d=${TMPDIR:-/tmp}/redir.$$; mkdir $d; cd $d
echo one > f; echo two >> f; cat f; cat < f
echo three >| f; cat f
{ echo out; echo err >&2; } > o 2> e; cat o; cat e
{ echo out; echo err >&2; } > both 2>&1; cat both
{ echo a; echo b >&2; } 2>&1 >/dev/null | cat
cat <<END
here $((1+1)) $(echo doc) \$x "quotes" 'stay'
END
cat <<'END'
literal $x $(no)
END
cat <<-END
	tabs gone
		all of them
	END
cat <<A; cat <<B
first
A
second
B
while read a b; do echo "$b-$a"; done <<END
1 one
2 two words
END
cat <<END | cat
through a pipe
END
exec 3> g; echo to three >&3; exec 3>&-; cat g
exec 4< g; read line <&4; echo got $line; exec 4<&-
echo x 3>&1 >&3 | cat
> empty; [ -f empty ] && [ ! -s empty ] && echo empty
2>/dev/null cat < missing || echo no such file
x=$(cat <<END
inside a substitution
END
); echo "$x"
f() { cat; }; f <<END
to a function
END
for i in 1 2; do echo $i; done > loop; cat loop
if true; then echo in if; fi > iff; cat iff
(echo sub) > sub; cat sub
name='a b'; echo spaced > "$name"; cat "$name"; ls
echo "a\
b"
read x y < f; echo $x
echo one two three > r; read a b < r; echo "$a|$b"
echo 'back\slash' > r; read a < r; echo $a; read -r a < r; echo $a
printf 'no newline' > r; read a < r; echo $? $a
: > r; read a < r; echo $? "<$a>"
cat <<"E O F"
spaces in the delimiter
E O F
cat <<END
a\
b \\ \` $
END
{ echo hi 1>&2; } 2>/dev/null; echo ok
printf 'a:b:c\n' | { IFS=: read p q; echo "$p|$q"; }
printf '  lead  trail  \n' | { read p; echo "<$p>"; }
cd /; rm -r $d
