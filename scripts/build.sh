#!/usr/bin/env bash
# Builds the static binary into bin/ or the folder given: the same bytes from the same source, wherever it lies.
# Beside it, volume/ holds the empty folders that an image without a shell can't make for itself.
set -euo pipefail
cd "$(dirname "$0")/.."

out=${1:-bin}
version=$(git describe --tags --always --dirty 2>/dev/null || echo dev)
mkdir -p "$out/volume/data" "$out/volume/tmp"
# nodynamic: without it the HEIC decoder's loader makes the binary depend on the machine's libc, and HEIC would be
# decoded by whatever native library lies there instead of in WebAssembly.
CGO_ENABLED=0 go build -buildvcs=false -trimpath -tags nodynamic -ldflags "-s -w -X main.version=$version" -o "$out/recourse" ./cmd/recourse
