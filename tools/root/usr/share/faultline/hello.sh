#!/bin/sh
# A script is a program too: exec reads its first line.
for name in "$@"; do
    echo "hello, $name"
done
echo "$# names, pid $$"
