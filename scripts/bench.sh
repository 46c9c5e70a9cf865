#!/usr/bin/env bash
# Prints measured figures with the machine named: every Go benchmark, on SQLite and on MariaDB.
# BENCH picks by name, BENCHTIME says how long each runs. Compare ratios within one run, not figures between machines.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "machine: $(nproc) × $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1), $(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo), $(uname -sr), $(go env GOVERSION)"
mapfile -t packages < <(grep -rl --include='*_test.go' '^func Benchmark' . | xargs -r -n 1 dirname | sort -u)
for engine in sqlite mysql; do
  echo "== $engine"
  run=()
  if [ "$engine" = mysql ]; then run=(scripts/with-mariadb.sh); fi
  RECOURSE_TEST_ENGINE=$engine "${run[@]}" go test -p 1 -run '^$' -bench "${BENCH:-.}" -benchtime "${BENCHTIME:-1s}" -benchmem -timeout 60m "${packages[@]}"
done
