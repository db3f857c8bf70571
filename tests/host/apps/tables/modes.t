m() { for f; do stat -c '%a %n' $f; done; }
mkdir d; : > f; : > x; chmod 755 x; m d f x
chmod 600 f; m f
chmod u+x,g+rw,o= f; m f
chmod a-x f; m f
chmod +w f; m f
chmod -w f 2>/dev/null; m f
chmod u=rw,go=u f; m f
chmod g=o-w f; m f
chmod a=r,u+w f; m f
chmod o+X f x d; m f x d
chmod 0 f; chmod u+rwX,g+X f; m f
chmod u+s,g+s x; m x; chmod u-s,g= x; m x
chmod +t d; m d; chmod 1777 d; m d; chmod o-t d; m d
chmod u+rw-x x; m x
chmod g+ug x
chmod 4755 x; m x; chmod 0755 x; m x; chmod =rx x; m x
umask 077; chmod =rw f; m f; chmod +x f; m f; umask 022
chmod 888 f
chmod u f
chmod u+q f
chmod u+x, f
chmod 7777777 f
chmod 644 missing f; m f
chmod 644
mkdir -p t/a/b; : > t/a/f; chmod -R go-rwx t; m t t/a t/a/b t/a/f
ln -s ../f t/l; chmod 644 f; chmod -R 700 t; m f; chmod 600 t/l; m f
chmod -- -x f; m f; chmod -x t; m t; chmod u+x t
mkdir -m 700 m7; m m7; mkdir -m u=rwx,g=rx,o= m8; m m8; mkdir -m a-w m9; m m9
mkdir -m 9 no
mkdir -p -m 711 p/q/r; m p p/q p/q/r; mkdir -p p/q/r p/s; m p/s
(umask 777; mkdir -p u/v/w); m u u/v; chmod -R u+rwx u
mkdir d; mkdir d/f/g; mkdir f/g
mkdir -p f/g
mkdir -p d/; mkdir e/; ls
mkdir -- -x; ls
mkdir
mkfifo pipe; stat -c '%F %a' pipe; mkfifo pipe
mkfifo -m 600 pipe2; m pipe2; mkfifo -m a+rw pipe3; m pipe3
(echo through > pipe &); cat pipe
