#!/usr/bin/env bash
# Runs every benchmark of the module and prints what benchstat reads.
# usage: bench.sh [BENCHTIME [COUNT]]
set -euo pipefail
cd "$(dirname "$0")/.."

go test -run '^$' -bench . -benchmem -benchtime "${1:-1s}" -count "${2:-1}" -timeout 2h ./...
