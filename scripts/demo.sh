#!/usr/bin/env bash
# Three nodes on this machine keep one record together: Ana makes a commons and
# brings 2,808 real contributions, Beto and Carla join by invitation, and all
# three hold the same. Nothing is left behind.
#
# On a terminal Ana's node runs on until Ctrl-C. DEMO_EXIT=1 ends it at once.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/nodes.sh

data=scripts/demo/contributions-hrea.csv
someone=contributor-003

# node NAME: starts a node on free ports, which talks to this machine only.
node() {
  launch "$1" "$minga" --home "$work/$1" daemon \
    --api 127.0.0.1:0 --listen /ip4/127.0.0.1/tcp/0 --no-discovery
}

say "Ana starts a node and a commons"
node ana
as ana commons create "Huerta Norte" --as Ana

say "She brings the contributions that people have made so far"
as ana event import "$data"

say "She invites, and Beto and Carla join with nodes of their own"
for name in beto carla; do
  link=$(as ana invite | head -n 1)
  node "$name"
  as "$name" commons join "$link" --as "${name^}"
done
took=$(agree 60 ana beto carla) || fail "the nodes do not agree after 60 seconds"
echo "All three hold the same after $took seconds."

say "Beto's node is killed, and meanwhile Carla works"
halt beto KILL
as carla work "3 h Garden" --note "watered the beds"
node beto
took=$(agree 60 ana beto carla) || fail "the nodes do not agree after 60 seconds"
echo "Beto's node is back, and all three agree after $took seconds."

say "The same state on every node"
for name in ana beto carla; do
  printf '%-6s %s entries  digest %s\n' "$name" "$(of "$name" entries)" "$(of "$name" digest)"
done

for name in ana beto carla; do
  say "What $someone has contributed, by the node of ${name^}"
  as "$name" balance "$someone"
done

halt beto
halt carla
if [ -n "${DEMO_EXIT:-}" ] || ! [ -t 0 ] || ! [ -t 1 ]; then
  exit 0
fi

say "Ana's node runs on. Look around from a second terminal:"
cat <<TEXT
   bin/minga --home $work/ana status
   bin/minga --home $work/ana balance contributor-001
   $(sed -n 2p "$work/ana/api.addr")/v1/openapi.json

Ctrl-C ends it and removes everything.
TEXT
wait "${daemon[ana]}"
