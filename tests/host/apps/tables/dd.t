r() { sed '/copied/d'; }
seq 100 > n; printf 'Hello World\n' > h
dd if=n of=o 2>&1 | r; cmp n o && echo same
dd if=n bs=100 count=2 2>/dev/null | tail -n 1
dd if=n bs=10 skip=28 2>/dev/null
dd if=n bs=10 count=1 skip=2 2>&1 >/dev/null | r
dd < n bs=1k 2>&1 > o | r; cmp n o && echo same
dd if=h of=o bs=4 conv=notrunc,ucase 2>/dev/null; head -n 3 o
dd if=h conv=ucase status=none
dd if=h conv=lcase status=none
dd if=h conv=swab status=none
printf abc | dd conv=swab status=none; echo
printf 'x' | dd of=z bs=1 seek=3 status=none; od -An -c z
printf 'abcdef' > z; printf 'XY' | dd of=z bs=1 seek=2 conv=notrunc status=none; cat z; echo
printf 'abcdef' > z; printf 'XY' | dd of=z bs=1 seek=2 status=none; cat z; echo
printf 'abc' | dd bs=8 conv=sync status=none | od -An -c
printf 'a\nbcd\nefghij\n' | dd cbs=4 conv=block 2>&1 | r; echo
printf 'a\nbcd\n' | dd cbs=4 conv=block status=none; echo
printf 'a   bcd xy  z' | dd cbs=4 conv=unblock status=none
printf 'ab' | dd cbs=4 conv=unblock status=none
printf 'a\n' | dd cbs=4 conv=block,ucase,sync ibs=8 status=none; echo
dd if=n ibs=7 obs=13 2>&1 >/dev/null | r
dd if=n bs=2x5 count=1x2 2>/dev/null | wc -c
dd if=n bs=1b count=1 status=none | wc -c
dd if=/dev/zero bs=1K count=3 status=none | wc -c
dd if=/dev/zero bs=1kB count=3 status=noxfer 2>&1 >/dev/null
(printf abc; sleep 0.1; printf def) | dd bs=6 count=1 status=none; echo
(printf abc; sleep 0.1; printf def) | dd bs=6 count=1 iflag=fullblock status=none; echo
(printf abc; sleep 0.1; printf def) | dd bs=6 2>&1 >/dev/null | r
(printf abc; sleep 0.1; printf def) | dd ibs=6 obs=6 2>&1 >/dev/null | r
seq 10 | dd skip=2 bs=3 status=none
dd if=n of=o skip=10 iflag=skip_bytes count=4 bs=1 status=none; cat o
dd if=h bs=100 count=5 iflag=count_bytes status=none; echo
printf more | dd of=h oflag=append conv=notrunc status=none; cat h; echo
: > e; dd if=e 2>&1 | r
dd if=n count=0 2>&1 | r
dd if=missing
dd if=n of=missing/x
dd bs=0 if=n
dd bs=x if=n
dd what=x
dd conv=what if=n
dd conv=lcase,ucase if=n
dd if=n of=q conv=nocreat
dd if=h of=n conv=excl
dd x
