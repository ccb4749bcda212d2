#!/usr/bin/env bash
# Runs one node for real use until Ctrl-C. The first start makes its identity.
set -euo pipefail
cd "$(dirname "$0")/.."

home=${MINGA_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/minga}
echo "The data of this node is in $home."
echo "In a second terminal: bin/minga status"
exec bin/minga daemon "$@"
