#!/usr/bin/env bash
# Has the real protoc write the generated code, in a directory of its own, and
# compares. The check without protoc is `make generated`; this one tells whether
# both compilers agree.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v protoc >/dev/null; then
  echo "No protoc here: the generated code was checked without it. (Debian: apt install protobuf-compiler)"
  exit 0
fi

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

find proto -name '*.proto' -printf '%P\n' | sort |
  xargs protoc -I proto --plugin=protoc-gen-go=bin/protoc-gen-go \
    --go_out="$fresh" --go_opt=paths=source_relative

find proto -name '*.pb.go' -printf '%P\n' | sort | while read -r file; do
  if ! diff -u -I '^// 	protoc  ' "proto/$file" "$fresh/$file"; then
    echo "proto/$file is not what protoc gives; run: make generate" >&2
    exit 1
  fi
done
echo "$(protoc --version) gives the same code."
