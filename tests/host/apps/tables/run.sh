# run.sh TABLE: in an empty directory, run each line of the table as a command (with those that follow
# while they end with a backslash), and print it, what it prints, "! NAME" if it complained (NAME as
# messages begin), "? STATUS" if that isn't 0.
table=$PWD/$1
dir=${TMPDIR:-/tmp}/table.$$
mkdir $dir && cd $dir && mkdir work && cd work || exit 1
umask 022
export LC_ALL=C TZ=UTC0
unset COLUMNS LINES POSIXLY_CORRECT
goes_on() { case $1 in *\\) ;; *) false ;; esac }
while IFS= read -r line <&9; do
    case $line in '' | '#'*) continue ;; esac
    while goes_on "$line" && IFS= read -r more <&9; do
        line="$line
$more"
    done
    printf '$ %s\n' "$line"
    eval "$line" 2>../complaint </dev/null 9<&-
    status=$?
    if [ -s ../complaint ]; then
        IFS=': ' read -r name rest <../complaint
        case $name in [Uu]sage) name=${rest%% *} ;; esac
        printf '! %s\n' "$name"
    fi
    [ $status = 0 ] || echo "? $status"
done 9<$table
cd / && chmod -R u+rwx $dir && rm -rf $dir
