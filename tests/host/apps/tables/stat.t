export POSIXLY_CORRECT=1
printf hello > f; chmod 640 f; mkdir d; ln -s f l; mkfifo p
stat -c '%N' f
stat -c '[%10s] [%-10s] [%05a]' f
stat -c '%n %F' l
stat -L -c '%n %F %s' l
stat --printf='%n\t%s\n\101' f
stat -c '%%%n%%' f
stat -c %n f missing d
stat -c %B f
stat -c '%i' f | grep -c '^[0-9]*$'
: > empty; stat -c %F empty
stat -f -c '%n %S' / | grep -c '^/ [0-9]*$'
stat
df -P . f | wc -l
df missing
