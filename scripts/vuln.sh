#!/usr/bin/env bash
# Known vulnerabilities that our code reaches. The database is the public one, or VULNDB (a file:// or https:// address).
# Its date is printed, because an old database finds nothing new; a folder that doesn't date itself tells its age by its newest entry.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PWD/.tools/bin:$PATH

db=()
if [ -n "${VULNDB:-}" ]; then
  db=(-db "$VULNDB")
  if [ -d "${VULNDB#file://}/ID" ]; then
    echo "newest entry: $(ls "${VULNDB#file://}/ID" | sort -V | tail -n 1 | cut -d . -f 1)"
  fi
fi
govulncheck "${db[@]}" -version
govulncheck "${db[@]}" ./...
