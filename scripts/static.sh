#!/usr/bin/env bash
# What can be said about the source without running it: formatting, go vet, staticcheck.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PWD/.tools/bin:$PATH

unformatted=$(find . -name '*.go' -not -path './.*' -not -path './web/node_modules/*' -print0 | xargs -0 gofmt -l)
if [ -n "$unformatted" ]; then
  echo "gofmt: these files are not formatted:" >&2
  echo "$unformatted" >&2
  exit 1
fi
go vet ./...
staticcheck ./...
