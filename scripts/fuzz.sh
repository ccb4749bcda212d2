#!/usr/bin/env bash
# Runs every fuzz target of the module, one after another.
# usage: fuzz.sh [TIME]
set -euo pipefail
cd "$(dirname "$0")/.."

time=${1:-30s}
found=0
for package in $(go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./...); do
  targets=$(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true)
  for target in $targets; do
    found=$((found + 1))
    echo "== $package $target"
    go test -run '^$' -fuzz "^${target}\$" -fuzztime "$time" "$package"
  done
done
if [ "$found" = 0 ]; then
  echo "fuzz.sh: there is no fuzz target" >&2
  exit 1
fi
echo "$found fuzz targets, $time each: nothing found."
