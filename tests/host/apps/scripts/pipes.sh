# Pipelines and lists.
echo a b c | tr a-z A-Z | cat
false | true; echo $?
true | false; echo $?
! false | false; echo $?
echo first; echo second & wait
seq 1 1000 | tail -n 1
yes | head -n 2
echo x | while read l; do echo "read $l"; done
echo one |
  # a comment inside
  cat
echo and &&
echo continued
(echo sub; (echo subsub)) | cat
{ echo a; echo b; } | wc -l | tr -d ' '
echo $(echo a | cat | cat) | cat
cat /dev/null | cat; echo $?
f() { echo in f; }; f | cat
i=0; while [ $i -lt 50 ]; do echo line $i; i=$((i+1)); done | tail -n 1
exit_in_pipe() { exit 3; }; exit_in_pipe | true; echo $?
true | exit_in_pipe; echo $?
echo a; echo b;
echo c
