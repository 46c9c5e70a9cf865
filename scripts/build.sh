#!/usr/bin/env bash
# Builds bin/recourse: one static binary, the same bytes from the same source whatever the folder.
# bin/volume holds the empty folders an image without a shell can't make for itself.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(git describe --tags --always --dirty 2>/dev/null || echo dev)
mkdir -p bin/volume/data bin/volume/tmp
CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags "-s -w -X main.version=$version" -o bin/recourse ./cmd/recourse
