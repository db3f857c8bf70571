printf 'banana\napple\nCherry\n10\n9\napple\n' > w; printf '3 c x\n1 b\n2 a y\n10 b z\n' > f; : > e
sort w
sort -r w
sort -u w
sort -f w
sort -fu w
printf 'b\nB\na\nA\n' | sort -f
printf 'b\nB\na\nA\n' | sort -fs
printf 'b\nB\na\nA\n' | sort -fr
sort -n f
sort -rn f
sort -k 2 f
sort -k2,2 f
sort -k2,2 -k1,1n f
sort -k2,2 -k1nr f
sort -k 2,2 -s f
sort -k2b,2 -k1,1nr f
printf 'a:3:x\nb:1:y\nc:2:z\n' | sort -t : -k 2
printf 'a:3:x\nb:1:y\nc:2:z\n' | sort -t: -k3r
printf 'a::x\nb:1:y\n' | sort -t: -k2,2
printf 'xx3\nxx1\nxa2\n' | sort -k1.3
printf 'xx3\nxx1\nxa2\n' | sort -k1.2,1.2
printf 'xx3\nxx1\nxa2\n' | sort -k1.2,1.2 -s
printf '  b\n a\nc\n' | sort
printf '  b\n a\nc\n' | sort -b
printf '  b\n a\nc\n' | sort -k1b
printf 'a-b\nab\na b\na.c\n' | sort -d
printf 'a\001c\nab\nac\n' | sort -i | od -An -c
printf -- '-1\n-10\n5\n0\n-0\n+3\n1.5\n1.25\n.5\nx\n' | sort -n
printf '10\n010\n9\n1e3\n' | sort -n
printf '123456789012345678901234567890\n123456789012345678901234567891\n2\n' | sort -nr
printf '1e3\n20\n1e-2\nx\n-inf\nnan\n' | sort -g
printf '2K\n1M\n3\n900\n1.5K\n-1G\n' | sort -h
printf 'Mar\nfoo\nJAN\n dec\nfeb\n' | sort -M
printf 'a10\na9\na1b\nb1\na1\n' | sort -V
printf '2 b\n1 a\n2 a\n1 b\n' | sort -n
printf '2 b\n1 a\n2 a\n1 b\n' | sort -ns
printf '2 b\n1 a\n2 a\n1 b\n' | sort -nu
printf '2 b\n1 a\n2 a\n1 b\n' | sort -k1,1n -k2,2r
printf '1 a\n1 b\n' | sort -u -k1,1
sort e
sort w e f
sort - w < f
printf 'no newline' | sort w -
printf 'b\n\na\n\n' | sort
printf 'b\0a\0' | sort -z | tr '\0' '\n'
printf 'a\0y\na\0x\n' | sort | od -An -c
# Checks.
sort -c w
sort -C w
sort w | sort -c && echo sorted
sort -c e && echo sorted
printf 'a\na\n' | sort -c && echo sorted
printf 'a\na\n' | sort -cu
printf '1\n2\n10\n' | sort -cn && echo sorted
printf '2\n1\n' | sort -cr && echo sorted
# Merging.
printf '1\n3\n5\n' > o; printf '2\n3\n4\n' > p; sort -m o p
sort -mu o p
sort -m -n o p e
sort -r o > ro; sort -r p | sort -mr - ro
# Outputs.
sort -o w w; cat w
sort -m -o o o p; cat o
sort -o n -n f; cat n
sort -o missing/x f
# Larger than its memory.
seq 3000 | sort -r > big; sort -S 40k -n big | sort -cn && echo sorted
sort -S 4k -n big | cksum; seq 3000 | cksum
sed p big | sort -S 40k -nu | cksum
sed 's/$/ x/' big | sort -S 40k -k2,2 -s | cksum; sed 's/$/ x/' big | cksum
head -n 3000 big | sort -T /nonexistent -S 5k
# What is wrong.
sort missing
sort missing w
sort -k 0 w
sort -k x w
sort -k 1.0 w
sort -t ab w
sort -t '' w
sort -x w
sort -c w f
