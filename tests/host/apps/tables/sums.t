printf 'hello\n' > h; seq 1000 > n; : > e
cksum h n e
cksum < n
cksum missing h
printf x | cksum -
md5sum h n e
sha1sum h n e
sha224sum h
sha256sum h n e
sha384sum h
sha512sum h e
md5sum < h
md5sum - < h
sha256sum -b h
for i in 55 56 63 64 111 112 119 128; do dd if=n bs=$i count=1 status=none | sha512sum; done
for i in 55 56 63 64 111 112 119 128; do dd if=n bs=$i count=1 status=none | md5sum; done
sha256sum h n > list; sha256sum -c list
echo more >> h; sha256sum -c list
sha256sum -c --quiet list
sha256sum -c --status list
md5sum h n | md5sum -c
md5sum n > list; echo junk >> list; md5sum -c list
md5sum -c --strict list
md5sum -cw list
rm h; sha256sum -c list
printf 'x' > 'a\b'; md5sum 'a\b'; md5sum 'a\b' | md5sum -c
md5sum n | tr a-f A-F | md5sum -c
md5sum missing
md5sum -c missing
echo junk | sha1sum -c
