mkdir -p a/b; ln -s a/b l; : > a/b/f
realpath l/f | sed "s,^$(pwd -P)/,,"
realpath a/../a/./b | sed "s,^$(pwd -P)/,,"
realpath /
realpath missing/x
timeout 5 echo in time
timeout 5 false
timeout 0.2 sleep 5
timeout -s KILL 0.2 sleep 5 2>/dev/null
timeout 5 nothing-here
timeout x true
nohup echo printed
nohup false
nohup nothing-here
nohup
nohup sh -c 'kill -HUP $$; echo alive'
