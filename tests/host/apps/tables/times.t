s() { stat -c %Y "$@"; }
touch -d '2001-02-03 04:05:06' f; s f
touch -d '2001-02-03T04:05:06Z' f; s f
touch -d '2001-02-03 04:05:06 +0100' f; s f
touch -d 2001-02-03 f; s f
touch -d 20010203 f; s f
touch -d '20010203 04:05' f; s f
touch -d @1234567890 f; s f
touch -t 200102030405.06 f; s f
touch -t 0102030405 f; s f
touch -t 9902030405 f; s f
touch -a -t 200001010000 f; stat -c '%X %Y' f
touch -m -t 200101010000 f; stat -c '%X %Y' f
touch -r f g; stat -c '%X %Y' g
touch -c missing; ls missing
touch missing/f
touch a b 'c d'; ls
touch -t 200102300405 f
touch -t 2001020304050 f
touch -d 'no time' f
touch -d '2001-13-01' f
touch -d '2001-02-03 25:00' f
touch
ln -s f l; touch -h -d @5 l; stat -c %Y l; touch -d @7 l; s f
# date
date -d @0
date -d @1000000000 +'%Y-%m-%d %H:%M:%S'
date -u -d '2001-02-03 04:05:06' +%s
date -d '2000-02-29' +'%a %A %b %B %c %d %e %D %F %j %y %Y %C %U %W %w %u %V %G'
date -d '2000-02-29 15:04:05.678' +'%H %I %M %S %p %r %R %T %X %Z %z %n%t%% %N %s %:z'
date -d '2000-01-05 05:06' +'%-d/%-m %-H'
date -d '2000-02-28 1 day' +%F
date -d '2000-03-01 1 day ago' +%F
date -d '2000-12-01 -1 month' +%F
date -d '2000-12-01 1 year' +%F
date -d '2000-12-01 36 hours' +'%F %T'
date -d '2000-01-01T12:00:00+02:00' +%T
[ "$(date -d tomorrow +%s)" -gt "$(date +%s)" ] && echo later
[ "$(date -d yesterday +%s)" -lt "$(date -d now +%s)" ] && echo earlier
date -R -d @0
date -I -d @0; date -Iseconds -d @0
touch -d @86400 f; date -r f +%F
TZ=EST5 date -d @0 +'%H %Z %z'
TZ=CET-1CEST,M3.5.0,M10.5.0/3 date -d @1000000000 +'%H %Z %z'
TZ=CET-1 date -u -d @0 +%H
date -d 1900-03-01 +%s; date -d 2100-12-31 +%s
date +
date -d nothing
date -r missing
date 13010000
date + +
