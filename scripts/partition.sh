#!/usr/bin/env bash
# Three nodes in network namespaces of their own, joined by a bridge. The link of
# the third goes down, all three write, and the link comes up again: within 30
# seconds every entry is everywhere.
#
# It needs iproute2 and the right to make namespaces: root, or a system that lets
# everybody make user namespaces. Where neither is there it says so and ends well.
#
# PARTITION is how many seconds the link stays down.
set -euo pipefail
cd "$(dirname "$0")/.."

down=${PARTITION:-20}
limit=30
writes=10

if ! command -v ip >/dev/null; then
  echo "partition: not run, there is no ip command here (Debian: apt install iproute2)"
  exit 0
fi
if [ "$(id -u)" != 0 ]; then
  # A user namespace makes this user its root, and hides the real /run.
  if ! unshare --user --map-root-user --net --mount true 2>/dev/null; then
    echo "partition: not run, it needs root or user namespaces"
    exit 0
  fi
  exec unshare --user --map-root-user --net --mount \
    bash -c 'mount -t tmpfs tmpfs /run && exec "$0" "$@"' "scripts/partition.sh" "$@"
fi
probe=minga-$$-probe
if ! ip netns add "$probe" 2>/dev/null; then
  echo "partition: not run, this root may not make network namespaces"
  exit 0
fi
ip netns delete "$probe"

source scripts/nodes.sh
export XDG_RUNTIME_DIR=$work

# space NAME: the network namespace of a node, or of the hub between them.
space() { printf 'minga-%s-%s' $$ "$1"; }

# clear_up: removes the namespaces after the nodes in them.
clear_up() {
  for node in "${!daemon[@]}"; do halt "$node"; done
  for name in ana beto carla hub; do
    ip netns delete "$(space "$name")" 2>/dev/null || true
  done
  tidy
}
trap clear_up EXIT

# plug NAME ADDRESS: gives a node a namespace and a cable to the hub.
plug() {
  ip netns add "$(space "$1")"
  ip -n "$(space "$1")" link set lo up
  ip -n "$(space hub)" link add "to-$1" type veth peer name net0 netns "$(space "$1")"
  ip -n "$(space hub)" link set "to-$1" master bridge up
  ip -n "$(space "$1")" address add "$2/24" dev net0
  ip -n "$(space "$1")" link set net0 up
}

# node NAME ADDRESS: starts a node in its namespace.
node() {
  launch "$1" ip netns exec "$(space "$1")" "$minga" --home "$work/$1" daemon \
    --api 127.0.0.1:8747 --listen "/ip4/$2/tcp/8746" --no-discovery
}

# write NAME: several hours of work, each an entry.
write() {
  for ((i = 1; i <= writes; i++)); do
    as "$1" work "$i h Garden" >/dev/null
  done
}

say "Three nodes on a bridge"
ip netns add "$(space hub)"
ip -n "$(space hub)" link add bridge type bridge
ip -n "$(space hub)" link set bridge up
plug ana 10.77.0.1
plug beto 10.77.0.2
plug carla 10.77.0.3

node ana 10.77.0.1
as ana commons create "Huerta Norte" --as Ana >/dev/null
for name in beto carla; do
  link=$(as ana -q invite | head -n 1)
  if [ "$name" = beto ]; then node beto 10.77.0.2; else node carla 10.77.0.3; fi
  as "$name" commons join "$link" --as "${name^}" >/dev/null
done
write carla
took=$(agree 30 ana beto carla) || fail "the nodes do not agree before the cut"
before=$(of ana entries)
echo "All three hold $before entries, after $took seconds."

say "Carla's link is down for $down seconds, and everybody writes"
ip -n "$(space hub)" link set to-carla down
for name in ana beto carla; do write "$name"; done
took=$(agree 30 ana beto) || fail "Ana and Beto do not agree during the cut"
sleep "$down"
[ "$(of ana digest)" != "$(of carla digest)" ] || fail "the link was not down: Carla has what the others wrote"
echo "Ana has $(of ana entries) entries, Beto $(of beto entries), Carla $(of carla entries)."

say "The link is up"
ip -n "$(space hub)" link set to-carla up
took=$(agree "$limit" ana beto carla) || fail "the nodes do not agree $limit seconds after the cut was healed"
show ana beto carla
# A witness adds endorsements of its own, so there may be more.
[ "$(of carla entries)" -ge $((before + 3 * writes)) ] || fail "entries are missing after the cut"
echo "All entries are everywhere, $took seconds after the cut was healed."
