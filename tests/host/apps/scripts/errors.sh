# Errors that a script can see.
sh -c 'if' 2>/dev/null; echo $?
sh -c 'echo ok; )' 2>/dev/null; echo $?
sh -c 'echo "unterminated' 2>/dev/null; echo $?
sh -c 'echo $((1/0)); echo never' 2>/dev/null; [ $? -ne 0 ] && echo division
sh -c 'for 1x in a; do :; done' 2>/dev/null; [ $? -ne 0 ] && echo name
sh -c 'case x in' 2>/dev/null; [ $? -ne 0 ] && echo case
sh -c '; echo' 2>/dev/null; [ $? -ne 0 ] && echo semicolon
sh -c 'a && ' 2>/dev/null; [ $? -ne 0 ] && echo end
sh -c '{ echo; ' 2>/dev/null; [ $? -ne 0 ] && echo brace
sh -c 'fi' 2>/dev/null; [ $? -ne 0 ] && echo fi
sh -c 'echo ${x' 2>/dev/null; [ $? -ne 0 ] && echo brace
sh -c 'echo ${x!y}' 2>/dev/null; [ $? -ne 0 ] && echo operator
sh -c 'readonly a=1; a=2; echo never' 2>/dev/null; [ $? -ne 0 ] && echo readonly
sh -c 'echo $(' 2>/dev/null; [ $? -ne 0 ] && echo substitution
sh /nonexistent/script 2>/dev/null; [ $? -ne 0 ] && echo missing
