#!/usr/bin/env bash
# Builds the container image from bin/recourse alone; nothing is pulled. ENGINE=podman to use another engine.
set -euo pipefail
cd "$(dirname "$0")/.."

engine=${ENGINE:-docker}
version=$(bin/recourse version)
"$engine" build --file docker/Dockerfile --tag recourse:latest --label "org.opencontainers.image.version=$version" .
