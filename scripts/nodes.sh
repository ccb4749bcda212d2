# What demo.sh and partition.sh share: nodes in a directory of their own, which
# are stopped and removed whatever happens. To be read with `source`.
#
# It sets `work`, a fresh directory, and stops every daemon on exit.

if [ "${BASH_VERSINFO[0]}" -lt 5 ]; then
  echo "${0##*/}: needs bash 5 or newer" >&2
  exit 1
fi

minga=$PWD/bin/minga
work=$(mktemp -d "${TMPDIR:-/tmp}/minga.XXXXXX")
declare -A daemon=() # process id of each node, by name
export NO_COLOR=1

# as NODE ARGS...: asks the node of that name.
as() {
  local node=$1
  shift
  "$minga" --home "$work/$node" --no-input "$@"
}

# say TEXT: a step of the story.
say() { printf '\n== %s\n' "$*"; }

# fail TEXT: ends with what the nodes had to say.
fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  local log
  for log in "$work"/*.log; do
    [ -e "$log" ] || continue
    printf -- '-- last lines of %s\n' "${log##*/}" >&2
    tail -n 15 "$log" >&2
  done
  exit 1
}

# launch NODE COMMAND...: starts a daemon and waits until it answers.
launch() {
  local node=$1 tries=0
  shift
  "$@" >>"$work/$node.log" 2>&1 &
  daemon[$node]=$!
  until as "$node" status >/dev/null 2>&1; do
    kill -0 "${daemon[$node]}" 2>/dev/null || fail "node $node ended at its start"
    tries=$((tries + 1))
    [ "$tries" -lt 150 ] || fail "node $node does not answer after 30 seconds"
    sleep 0.2
  done
}

# halt NODE [SIGNAL]: ends a daemon and waits until it is gone.
halt() {
  local pid=${daemon[$1]:-}
  [ -n "$pid" ] || return 0
  kill "-${2:-TERM}" "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  unset "daemon[$1]"
}

# of NODE FIELD: a field of the first commons in the status of a node. The first
# match is the one: .commons[0] comes before everything that repeats its names.
of() {
  as "$1" status --json | tr -d '\n' | sed 's/.*"commons": *\[//' |
    grep -oE "\"$2\": *(\"[^\"]*\"|[0-9]+)" | head -n 1 | sed -E 's/^[^:]*: *//; s/"//g'
}

# agree SECONDS NODE...: waits until all have the same digest; prints how long
# that took, in tenths of a second.
agree() {
  local limit=$1 start now digest other same
  shift
  start=$(tenths)
  while :; do
    same=yes
    digest=$(of "$1" digest || true)
    for node in "${@:2}"; do
      other=$(of "$node" digest || true)
      [ -n "$digest" ] && [ "$other" = "$digest" ] || same=no
    done
    now=$(($(tenths) - start))
    if [ "$same" = yes ]; then
      printf '%d.%d' $((now / 10)) $((now % 10))
      return 0
    fi
    [ "$now" -lt $((limit * 10)) ] || return 1
    sleep 0.1
  done
}

# show NODE...: what each holds, one line a node, at a moment when all agree.
show() {
  local node status lines digests tries=0
  while :; do
    lines='' digests=''
    for node in "$@"; do
      status="$(of "$node" entries) entries  digest $(of "$node" digest)"
      lines+=$(printf '%-6s %s' "$node" "$status")$'\n'
      digests+=${status#* }$'\n'
    done
    if [ "$(printf '%s' "$digests" | sort -u | wc -l)" = 1 ]; then
      printf '%s' "$lines"
      return 0
    fi
    # Between two questions a witness may have endorsed what is new.
    tries=$((tries + 1))
    [ "$tries" -lt 50 ] || fail "the nodes differ: $lines"
    sleep 0.1
  done
}

# tenths: the time in tenths of a second.
tenths() {
  local t=${EPOCHREALTIME/[.,]/}
  printf '%s' $((t / 100000))
}

# tidy: stops what this script started, and nothing else.
tidy() {
  trap - EXIT
  trap '' INT TERM # it ends by itself
  local node
  for node in "${!daemon[@]}"; do halt "$node"; done
  rm -rf "$work"
}

trap tidy EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
