# Options, listings, and what fails softly.
(set -x; echo traced 'two words' $((1+1))) 2>&1
(set -e; echo on; set +e; false; echo off)
set -u; echo ${unset_one-quiet}; set +u; echo "<$unset_one>"
set -- a b; set --; echo $#; set -- -x y; echo $1; set - 2>/dev/null; set x; echo $1
v="it's 'quoted'"; eval "$(set | grep '^v=')"; echo "$v"; export w='x y'; export -p | grep ' w='
readonly q=1; readonly -p | grep -c ' q='
(echo never >&9) 2>/dev/null || echo no such descriptor
(: > /nonexistent/file) 2>/dev/null || echo cannot make
{ echo kept; } 3>&1 >/dev/null >&3
exec 5>&1; echo five >&5; exec 5>&-; (echo closed >&5) 2>/dev/null || echo is closed
(cat <&-) 2>/dev/null || echo no input
echo $((1 != 2)) $((2 != 2)) $((1 == 1)) $((3 <= 3)) $((4 >= 5)) $((!0)) $((2 > 1)) $((1 < 1))
x=1; echo $((x <<= 3)) $((x >>= 1)) $((x |= 3)) $((x &= 6)) $((x ^= 1)) $((x %= 4)) $((x *= 5)) $((x /= 2)) $((x -= 1))
set -- one; echo ${#1}
f() { local a=1 b; b=2; echo $a$b; local_only=3; }; a=x; b=y; f; echo $a$b$local_only
g() { unset a; echo "<$a>"; }; g; echo "<${a-gone}>"
h() { A=inner; }; A=outer h; echo $A
export E=1; (unset E; sh -c 'echo "<$E>"'); sh -c 'echo "<$E>"'
E=2; sh -c 'echo $E'; E=3 true; echo $E
i=0; while [ $((i += 1)) -lt 4 ]; do [ $i = 2 ] && continue; echo $i; done
for i in 1 2 3; do for j in a b; do [ $i$j = 2a ] && continue 2; [ $i = 3 ] && break 9; echo $i$j; done; done
echo "[!a]" '[]' []] 2>/dev/null; case 'a]' in *]) echo bracket;; esac; case '\' in '\') echo backslash;; esac
case b in [!a-c]) echo no;; [a-c]) echo range;; esac; case . in [[:alpha:].]) echo mixed;; esac
x='a\*b'; case 'a*b' in $x) echo escaped;; esac; y='*'; case zzz in "$y") echo no;; $y) echo star;; esac
echo ~/x | grep -c "^$HOME/x" ; t=~; [ "$t" = "$HOME" ] && echo home; u=a:~; [ "$u" = "a:$HOME" ] && echo colon; echo '~' "~" a~
HOME=/h; echo ~ ~/y; unset HOME; cd /
trap 'echo int' INT; trap; trap - INT; trap
(trap 'echo leaving' 0; exit 3); echo $?
sh -c 'trap "echo got TERM; exit 4" TERM; kill -TERM $$; echo never'; echo $?
sh -c 'trap "echo hup" HUP; (kill -HUP $$); sleep 0; echo then'
sh -c 'sleep 5 & p=$!; kill -KILL $p; wait $p; echo $?' 2>/dev/null
sh -c 'exit 300'; echo $?; sh -c 'f() { return 300; }; f; echo $?' | cat >/dev/null
wait; echo $?; jobs
getopts_test() { OPTIND=1; while getopts :xy: o "$@"; do case $o in x|z) OPTARG=;; esac; echo "$o:$OPTARG"; done; }
getopts_test -x -y; getopts_test -q -yv; getopts_test -xyz; getopts_test plain; getopts_test -- -x
printf '%s|' a 'b c' ''; echo; printf '%5.1s|%-4d|%+d|%o|%X|%e\n' abc 5 6 8 255 1.5; printf '%s %d\n' a 1 b 2
printf 'no args %s %d\n'; printf '%d\n' abc 2>/dev/null; echo $?; printf '\060\n'; printf '%b\n' 'a\0101\tb'; printf 'x\c' ; printf '%b' 'stop\chere'; echo
command -v if; command -V cd >/dev/null && echo V; type nonexistent >/dev/null 2>&1 || echo unknown
umask 77; umask; umask 022
read -r a <<'X'
back\slash  kept
X
echo "$a"
read a <<'X'
join\
ed
X
echo "$a"
IFS=: read a b c <<X
1::3:4
X
echo "$a|$b|$c"
read a b <<X
   lead   and  trail   
X
echo "$a|$b|"
eval "echo $(echo nested)"; eval 'x=1;' 'echo $x'; eval 'false'; echo $?
. /dev/null; echo $?
test -t 9; echo $?; [ a \< b ] && echo less; [ b \> a ] && echo more; [ -s /dev/null ] || echo empty; [ / -ef /. ] && echo same
[ ! -e /nonexistent -a 1 = 1 ] && echo both; [ \( 1 = 2 \) -o 3 = 3 ] && echo either; [ 1 = ] 2>/dev/null; echo $?
