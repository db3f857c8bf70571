# Loops, break and continue, functions within them, and what status they leave.
for i in 1 2 3; do for j in a b c; do [ $j = b ] && continue 2; [ $i = 3 ] && break 2; echo $i$j; done; done
echo after $?
i=0; while [ $i -lt 5 ]; do i=$((i+1)); [ $i = 2 ] && continue; [ $i = 4 ] && break; echo w$i; done; echo $i
i=0; until [ $i -ge 3 ]; do i=$((i+1)); echo u$i; done
while false; do :; done; echo $?
for x in; do echo never; done; echo $?
for x; do echo never; done; set -- p 'q r'; for x; do echo "[$x]"; done; for x do echo "($x)"; done
for x in a b
do
	echo $x
done
for i in 1 2 3; do break 9; done; echo $? $i
for i in 1 2; do (break); echo sub $i; done
for i in 1 2; do eval 'continue'; echo never; done
f() { for i in 1 2 3; do [ $i = 2 ] && return 5; echo f$i; done; }; f; echo $?
while :; do while :; do break; done; echo outer; break; done
for i in 1 2 3; do if [ $i = 2 ]; then continue; fi; echo c$i; done | cat
for i in *nothing_here*; do echo "$i"; done
for i in $(echo 1 2) "3 4" '5'; do echo "<$i>"; done
n=0; while n=$((n+1)); [ $n -lt 4 ]; do case $n in 2) continue;; esac; echo n$n; done
while read line; do [ "$line" = stop ] && break; echo "got $line"; done <<X
a
b
stop
c
X
for i in 1 2; do echo $i; done > /dev/null; echo $?
for i in 1; do false; done; echo $?; while true; do false; break; done; echo $?
for true in 1; do echo $true; done
for i in 1 2 3; do [ $i -lt 2 ] || { echo big $i; break; }; done
