#!/usr/bin/env bash
# Runs the simulator over the seeds from 1 to SEEDS, or one SEED with its trace.
# usage: sim.sh SEEDS [SEED]
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -n "${2:-}" ]; then
  exec go test ./node/sim -count=1 -run '^TestSeeds$' -v -seed "$2"
fi
exec go test ./node/sim -count=1 -run '^TestSeeds$' -v -timeout 0 -seeds "${1:-2000}"
