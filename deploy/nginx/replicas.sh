#!/bin/sh
# Writes replicas.conf for the replicas at these addresses, each a number and a port:
#   sh replicas.sh 172.30.85.11:8501 172.30.85.12:8501 172.30.85.13:8501 > replicas.conf
# Names won't do: nginx asks for their numbers once, and the cookie has to tell the replicas apart by them.
set -eu

if [ $# -eq 0 ]; then
    echo "Usage: sh replicas.sh ADDRESS:PORT… > replicas.conf" >&2
    exit 2
fi

# One failure, and a replica is left out for so long.
LEFT_OUT="max_fails=1 fail_timeout=5s"

servers() {
    for address in "$@"; do
        echo "    server $address $LEFT_OUT;"
    done
}

echo "# Made by: sh replicas.sh $*"
echo
echo "# What is the same everywhere: the least busy."
echo "upstream any {"
echo "    zone any 64k;"
echo "    least_conn;"
servers "$@"
echo "}"
echo
echo "# First pages: in turn, so that each replica gets as many visitors."
echo "upstream newcomers {"
echo "    zone newcomers 64k;"
servers "$@"
echo "}"
echo
echo "# The API, with connections that are kept for less long than the app's server keeps them (5 s)."
echo "upstream api {"
echo "    zone api 64k;"
echo "    least_conn;"
servers "$@"
echo "    keepalive 32;"
echo "    keepalive_timeout 4s;"
echo "}"
echo
echo "# For visitors whose replica is gone: all tabs of one find the same other, and each finds another than his neighbours."
echo "upstream survivors {"
echo "    zone survivors 64k;"
echo "    hash \$cookie_digits_replica consistent;"
servers "$@"
echo "}"

number=0
homes=""
numbers=""
for address in "$@"; do
    number=$((number + 1))
    echo
    echo "upstream home_$number {"
    echo "    server $address;"
    echo "}"
    escaped=$(printf '%s' "$address" | sed 's/[].[]/\\&/g')
    homes="$homes    \"~^$number-[0-9a-f]{32}\$\" home_$number;
"
    numbers="$numbers    \"~(^|[ ,])$escaped\$\" $number;
"
done

echo
echo "# Whose replica is which, by the cookie; and the number of the replica that has answered last."
printf 'map $cookie_digits_replica $home {\n    default newcomers;\n%s}\n' "$homes"
printf 'map $upstream_addr $replica {\n    default 0;\n%s}\n' "$numbers"
