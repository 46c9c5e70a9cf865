#!/usr/bin/env bash
# Known vulnerabilities that our code reaches. The database is the public one, or VULNDB (a file:// or https:// address); its date is printed,
# because an old database finds nothing new.
set -euo pipefail
cd "$(dirname "$0")/.."

db=()
if [ -n "${VULNDB:-}" ]; then db=(-db "$VULNDB"); fi
govulncheck "${db[@]}" -version
govulncheck "${db[@]}" ./...
