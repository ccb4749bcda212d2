#!/usr/bin/env bash
# Writes the Go code of the GraphQL schema with bin/gqlgen. With the word check
# it says whether what is there is what would be written, and changes nothing.
set -euo pipefail
cd "$(dirname "$0")/../node/api/graphql"

if [ "${1:-}" != check ]; then
	exec ../../../bin/gqlgen generate
fi
kept=$(mktemp -d)
cp ./*.gen.go "$kept"
restore() { cp "$kept"/*.gen.go . && rm -r "$kept"; }
trap restore EXIT
../../../bin/gqlgen generate
for file in *.gen.go; do
	if ! cmp -s "$file" "$kept/$file"; then
		echo "node/api/graphql/$file is not what the schema gives; make generate mends it" >&2
		exit 1
	fi
done
