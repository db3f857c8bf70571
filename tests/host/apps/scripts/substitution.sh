# Command substitution and arithmetic.
echo $(echo hello) `echo world`
echo "$(echo "nested $(echo deep "$(echo deeper)")")"
echo `echo \`echo inner\``
x=$(false); echo $?
x=$(exit 5) ; echo $?
echo "$(cat <<END
from a document with ) and $(echo more)
END
)"
echo $(case x in x) echo case;; esac)
echo $(( 1 + 2 * 3 )) $(( (1 + 2) * 3 )) $(( 7 / 2 )) $(( -7 % 3 )) $(( 1 << 4 ))
a=5; echo $((a * 2)) $(($a + 1)) $((a > 3)) $((a == 5 && 1)) $((a ? 10 : 20))
echo $((a += 3)) $a $((b = 7)) $b
echo $((0x10)) $((010)) $((~0)) $((!3)) $((5 & 3)) $((5 | 3)) $((5 ^ 3))
echo $((1 || 1/0)) $((0 && 1/0)) $((1 ? 2 : 1/0))
echo $(( 2 - 3 - 4 )) $(( 100 / 10 / 5 )) $(( -3 )) $(( +3 )) $((- -3))
i=1; i=$((i<<2|1)); echo $i
echo "$((1+1))$((2+2))" $((  3  ))
n=3; echo $((n*n)) $(( (n) )) $((n >= 3 && n <= 3))
e=; echo $((e + 1)) $((unset_one + 1))
echo $(echo a; echo b) "$(echo a; echo b)"
echo a$(echo b)c"$(echo ' d ')"e
x=`echo "quoted \"inner\""`; echo "$x"
echo $(printf '%s ' "$(echo 'a  b')" )
echo $(echo '#' not a comment) # comment
y=$(echo one
echo two); echo "$y"
echo "`echo '$x'`" '`'
