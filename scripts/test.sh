#!/usr/bin/env bash
# The whole suite twice with the race detector: on SQLite, then on MariaDB. Both run even when the first fails.
# A package that touches no database keeps its first result: go test marks it (cached) in the second run.
set -euo pipefail
cd "$(dirname "$0")/.."

failed=()
echo "== SQLite"
RECOURSE_TEST_ENGINE=sqlite go test -race -p 2 -timeout 20m ./... || failed+=(SQLite)
echo "== MariaDB"
RECOURSE_TEST_ENGINE=mysql scripts/with-mariadb.sh go test -race -p 2 -timeout 20m ./... || failed+=(MariaDB)

if [ ${#failed[@]} -gt 0 ]; then
  echo "test: failed on ${failed[*]}" >&2
  exit 1
fi
echo "test: passed on SQLite and MariaDB"
