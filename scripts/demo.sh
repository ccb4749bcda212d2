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

# node NAME [ADDRESS]: starts a node that talks to this machine only, on free
# ports or where the others know it.
node() {
  launch "$1" "$minga" --home "$work/$1" daemon \
    --api 127.0.0.1:0 --listen "${2:-/ip4/127.0.0.1/tcp/0}" --no-discovery
}

# address NAME: where the others know a node, as its log says.
address() { sed -nE 's|.* listens=\[(/ip4/127[^ ]*/tcp/[0-9]+)/p2p/.*|\1|p' "$work/$1.log" | tail -n 1; }

say "Ana starts a node and a commons"
node ana
as ana commons create "Huerta Norte" --as Ana

say "She brings the contributions that people have made so far"
as ana event import "$data"

say "She invites, and Beto and Carla join with nodes of their own"
for name in beto carla; do
  link=$(as ana -q invite | head -n 1)
  node "$name"
  as "$name" commons join "$link" --as "${name^}"
done
took=$(agree 60 ana beto carla) || fail "the nodes do not agree after 60 seconds"
echo "All three hold the same after $took seconds."

say "Beto's node is killed, and meanwhile Carla works"
halt beto KILL
as carla work "3 h Garden" --note "watered the beds"
node beto "$(address beto)"
took=$(agree 60 ana beto carla) || fail "the nodes do not agree after 60 seconds"
echo "Beto's node is back, and all three agree after $took seconds."

say "The same state on every node"
show ana beto carla

for name in ana beto carla; do
  say "What $someone has contributed, by the node of ${name^}"
  as "$name" balance "$someone"
done

say "Every contributor's total on Beto's node against the rows of the file"
rows=$(awk -F, 'NR > 1 { rows[$3]++ } END { for (who in rows) print who, rows[who] }' "$data" | sort)
while read -r who wanted; do
  total=$(as beto balance "$who" --json | tr ',' '\n' |
    awk -F'"' '$2 == "quantity" { sum += $4 } END { print sum + 0 }')
  [ "$total" = "$wanted" ] || fail "$who has $total on Beto's node and $wanted in the file"
done <<<"$rows"
echo "$(wc -l <<<"$rows") contributors, all equal."

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
trap 'exit 0' INT
wait "${daemon[ana]}"
