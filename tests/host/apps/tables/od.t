printf 'hello\n\0\1\377\200 world, 27 bytes\t' > f
od f
od -c f
od -b f
od -x f
od -d f
od -s f
od -o f
od -a f
od -A d -c f
od -A x -t x1 f
od -A n -t x1 f
od -An -tx1z f
od -t o1 f
od -t u1 f
od -t d1 f
od -t x2 f
od -t x4 f
od -t x8 f
od -t d4 f
od -t d8 f
od -t u8 f
od -t o4 f
od -t o8 f
od -t dC f
od -t xS f
od -t uI f
od -t xL f
od -t x f
od -t a f
od -tx1 -tc f
od -t x1c f
od -j 3 -N 5 -c f
od -j 0x4 -c f
od -N 0 f
od -j 1b f
head -c 100 /dev/zero | od
head -c 100 /dev/zero | od -v
printf '\0\0\200\77\0\0\0\100' | od -t f4
printf '\0\0\0\0\0\0\370\77' | od -An -t f8
printf abc | od -An -tx1
printf abc | od -An -tu2
printf ab | od -c - f
od missing
od -t q f
od -t x3 f
od -A q f
od -w8 -c f
