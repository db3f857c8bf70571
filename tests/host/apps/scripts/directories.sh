# cd, pwd, CDPATH, and the names that lead somewhere.
base=$(cd "${TMPDIR:-/tmp}" && pwd -P)/cd.$$
mkdir -p $base/real/deep $base/other/place && cd $base || exit
show() { case $PWD in $base*) echo ".${PWD#"$base"}";; *) echo "$PWD";; esac; }
ln -s real/deep link
cd link; show; pwd | grep -c link; pwd -P | grep -c link
cd ..; show
cd -P link; show; cd ..; show; cd ..; show
cd ./real/../link/./; show; cd "$base"
cd real/deep/../..; show
cd real; cd - >/dev/null; show; cd - | grep -c real; show; cd "$base"
CDPATH=$base/other; cd place >/dev/null; show; cd "$base"; cd place | sed "s|$base||"
CDPATH=:$base/other; cd "$base"; cd real; show; cd "$base"
cd ./place 2>/dev/null; echo $?; unset CDPATH
cd nowhere 2>/dev/null; echo $?; show
cd real/deep/../../nowhere 2>/dev/null || show
(HOME=$base/real; cd; show)
cd real; echo $OLDPWD | sed "s|$base|base|"; cd ..
PWD=/nonsense; pwd | sed "s|$base|base|"
cd ///; pwd; cd /usr//..; pwd; cd /.././..; pwd
cd "$base"; sh -c 'cd real; pwd' | sed "s|$base||"
PWD=$base/link; (cd $base/link; sh -c 'echo $PWD') | sed "s|$base||"
rm -r "$base"
