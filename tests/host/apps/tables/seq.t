seq 3
seq 2 4
seq 1 2 6
seq 5 -2 1
seq -2 1
seq -- -2 -1 -4
seq 3 1
seq -s , 3
seq -s ' - ' 1 3
seq -w 8 11
seq -w -5 5 5
seq 1 0.5 3
seq 0.1 0.1 0.5
seq 1.5
seq -w 0.5 9.5 20
seq 1000000 1000002
seq x
seq 1 0 3
seq
seq 1 2 3 4
