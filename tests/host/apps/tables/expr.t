# Arithmetic, comparisons, precedence.
expr 1 + 2 \* 3
expr \( 1 + 2 \) \* 3
expr 7 / 2
expr -7 / 2
expr -7 % 3
expr 7 % -3
expr 10 - 4 - 3
expr 1 \< 2
expr 10 \< 9
expr abc \< abd
expr 10 \>= 10
expr a = a
expr a != a
expr 1 == 1
expr 010 = 10
expr a10 = 10
expr 1 + 1 = 2
expr 1 = 1 + 1
expr 2 \> 1 = 1
expr -5 + 3
expr 9223372036854775807 + 0
# Alternatives.
expr '' \| b
expr 0 \| b
expr a \| b
expr 0 \| 0
expr '' \| ''
expr 5 \& 6
expr 5 \& 0
expr '' \& x
expr 1 \| 1 / 0
expr 0 \& 1 / 0
# Patterns.
expr abcdef : 'abc'
expr abcdef : 'bcd'
expr abcdef : 'a\(.*\)f'
expr abcdef : 'x\(.*\)'
expr abcdef : '.*'
expr '' : '.*'
expr foo.c : '\(.*\)\.c$'
expr X/usr/lib : 'X\(//\)[^/]' \| X/usr/lib : 'X\(/\)'
expr aaa : 'a*' + 1
expr 'a^b' : 'a^b'
expr ab : '^b'
# Words.
expr length hello
expr substr hello 2 3
expr substr hello 4 10
expr substr hello 0 3
expr index hello lo
expr index hello xyz
expr match hello 'h\(e*\)'
# Results that are null or zero.
expr 0
expr ''
expr 00
expr -0
expr abc
expr -- 3 + 4
expr -- -3
# What is wrong.
expr 1 +
expr 1 2
expr \( 1
expr 1 / 0
expr 1 % 0
expr a + 1
expr 1 + ''
expr ')'
