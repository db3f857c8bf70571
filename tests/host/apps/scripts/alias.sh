# Aliases: where they count, what they may hold, how they end.
alias e=echo hi='echo hello'
e one
hi two
alias two='echo a; echo b'
two
alias blank='echo '
alias word=expanded
blank word word
e word
'hi' 2>/dev/null || echo quoted
\hi 2>/dev/null || echo escaped
alias self='self' ; self 2>/dev/null || echo no loop
alias ls='ls -d'
ls /
alias begin='{ ' end='}'
begin echo grouped; end
alias iff='if true; then'
iff echo keyword; fi
alias nothing=''
nothing echo behind nothing | nothing
cat
nothing
alias pipe='| cat'
echo piped pipe
x=1 hi assigned
>/dev/null hi redirected; echo status $?
alias e hi
alias none 2>/dev/null; echo $?
unalias e; alias e 2>/dev/null || echo gone
unalias none 2>/dev/null; echo $?
command -v hi
f() { hi in a function; }
unalias hi
f
eval 'alias late="echo late"
late'
alias late2='echo not yet'; late2 2>/dev/null || echo the line was read before
late2 now
(alias inner=x); alias inner 2>/dev/null || echo not outside
alias q='echo "it'"'"'s"'; q; alias q
unalias -a; alias
case x in blank) ;; *) echo no alias in a pattern;; esac
