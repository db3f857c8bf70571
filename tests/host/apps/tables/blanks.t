# expand, unexpand, nl, strings, install
printf 'a\tb\n\t\tc d\n  \te\tf\n' > x
expand x
expand -i x | od -c
expand -t 4 x
expand -t 3,6,20 x
expand missing
expand -t x x
printf '        a       b  c\n    \td e         f\n' > y
unexpand y | od -c
unexpand -a y | od -c
unexpand -t 4 y | od -c
nl x
nl -b a -w 3 -s : x
printf 'a\n\nb\n' | nl
printf 'a\n\nb\n' | nl -b a -n rz -v 10 -i 5
printf 'a\n' | nl -n ln -w 2
nl -b n x
nl -w 0 x
printf 'abc\0defgh\1ij\nklmno' | strings
printf 'abc\0defgh\1ij\nklmno' | strings -n 2 -t d
printf 'abc\0defgh' | strings -t x
install y a; stat -c '%a %n' a; cmp y a
install -m 644 y a; stat -c '%a' a
install -m u=rw,g=r y a; stat -c '%a' a
install -d d/e f; stat -c '%a %n' d d/e f
install -d -m 700 g; stat -c '%a' g
install -m 600 x y f; ls f
install x f; stat -c '%a' f/x
install -D x q/r/s; stat -c '%a' q/r/s q/r
install -t d x; ls d
install -v x z
install -p -m 644 x t; test t -nt x || test t -ot x || echo same time
install missing a
install x y missing
install x
install -m zzz x a
install d x2
