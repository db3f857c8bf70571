# run.sh TABLE: in an empty directory, run each line of the table as a command, and print it, what it
# prints, "! NAME" if it complained (NAME as messages begin), "? STATUS" if that isn't 0.
table=$PWD/$1
dir=${TMPDIR:-/tmp}/table.$$
mkdir $dir && cd $dir && mkdir work && cd work || exit 1
umask 022
export LC_ALL=C TZ=UTC0 POSIXLY_CORRECT=1
unset -v COLUMNS LINES
while IFS= read -r line <&9; do
    case $line in '' | '#'*) continue ;; esac
    printf '$ %s\n' "$line"
    eval "$line" 2>../complaint </dev/null 9<&-
    status=$?
    if [ -s ../complaint ]; then
        IFS=': ' read -r name rest <../complaint
        [ $name = usage ] && name=${rest%% *}
        printf '! %s\n' "$name"
    fi
    [ $status = 0 ] || echo "? $status"
done 9<$table
cd / && chmod -R u+rwx $dir && rm -rf $dir
