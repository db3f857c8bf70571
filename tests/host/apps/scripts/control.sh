# Compound commands.
if true; then echo yes; else echo no; fi
if false; then echo yes; elif true; then echo elif; else echo no; fi
if false; then echo never; fi; echo $?
i=0
while [ $i -lt 3 ]; do echo while $i; i=$((i+1)); done
until [ $i -eq 0 ]; do i=$((i-1)); done; echo until $i
for x in a b c; do
    case $x in
    a) echo first;;
    (b|B) echo second;;
    *) echo other
    esac
done
for x in 1 2 3 4 5; do
    [ $x = 2 ] && continue
    [ $x = 4 ] && break
    echo loop $x
done
for x in 1 2; do for y in 1 2 3; do [ $y = 2 ] && continue 2; echo $x$y; done; done
for x in 1 2; do for y in 1 2 3; do [ $y = 2 ] && break 2; echo $x$y; done; done
{ echo group; echo of commands; } | cat
(x=inner; echo $x; exit 3); echo $? $x
! true; echo $?
! false; echo $?
true && echo and || echo or
false && echo and || echo or
false || false || echo third
true; false; echo $?
case abc in a*) echo glob;; esac
case abc in [!b]?c) echo set;; esac
case '*' in '*') echo star;; esac
case x in y) ;; esac; echo $?
case "" in "") echo empty;; esac
case a/b in a?b) echo slash;; esac
case ']' in [[:punct:]]) echo class;; esac
case - in [a-]) echo dash;; esac
w=a*; case abc in $w) echo expanded;; esac; case abc in "$w") echo no;; *) echo quoted;; esac
while :; do break; done; echo $?
for i in; do echo never; done; echo $?
set -- p q; for i do echo param $i; done
if ! false; then echo negated; fi
for i in 1 2 3
do
  echo $i
done | { while read n; do echo got $n; done; }
while false; do :; done; echo $?
if (exit 3); then :; else echo status $?; fi
