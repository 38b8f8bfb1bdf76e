#!/bin/sh
# Print replicas.conf for replicas at the given addresses, each an IP address and a port:
#   sh replicas.sh 172.30.85.11:8501 172.30.85.12:8501 172.30.85.13:8501 > replicas.conf
# Host names don't work: nginx resolves them only once, at its start, and the cookie identifies replicas by their IP addresses.
set -eu

if [ $# -eq 0 ]; then
    echo "Usage: sh replicas.sh ADDRESS:PORT… > replicas.conf" >&2
    exit 2
fi

# After one failure a replica gets no requests for this time.
FAILURE_LIMIT="max_fails=1 fail_timeout=5s"

servers() {
    for address in "$@"; do
        echo "    server $address $FAILURE_LIMIT;"
    done
}

echo "# Made by: sh replicas.sh $*"
echo
echo "# Content that is the same on every replica: the least busy one."
echo "upstream any {"
echo "    zone any 64k;"
echo "    least_conn;"
servers "$@"
echo "}"
echo
echo "# First pages: round robin, so that the visitors are distributed evenly."
echo "upstream newcomers {"
echo "    zone newcomers 64k;"
servers "$@"
echo "}"
echo
echo "# The API; idle connections are closed before the app's server closes them (after 5 s)."
echo "upstream api {"
echo "    zone api 64k;"
echo "    least_conn;"
servers "$@"
echo "    keepalive 32;"
echo "    keepalive_timeout 4s;"
echo "}"
echo
echo "# For visitors whose replica is gone: all tabs of one visitor get the same other replica, and visitors are distributed over the replicas."
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
echo "# The visitor's replica, by the cookie; and the number of the replica that sent the response."
printf 'map $cookie_digits_replica $home {\n    default newcomers;\n%s}\n' "$homes"
printf 'map $upstream_addr $replica {\n    default 0;\n%s}\n' "$numbers"
