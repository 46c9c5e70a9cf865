#!/usr/bin/env bash
# Runs a command beside a throw-away MariaDB and removes both data and server when the command ends:
#   scripts/with-mariadb.sh go test ./...
# The command finds the server in RECOURSE_TEST_MYSQL (mysql://root@127.0.0.1:PORT). Each test makes a database of its own there.
# Flushing stays honest (innodb_flush_log_at_trx_commit=1); the data lie in memory where there is room, which is what makes suites fast,
# or under the folder PLACE.
set -euo pipefail

room() { df -Pk "$1" 2>/dev/null | awk 'NR == 2 { print $4 }'; }
place=${PLACE:-${TMPDIR:-/tmp}}
if [ -z "${PLACE:-}" ] && [ -w /dev/shm ] && [ "$(room /dev/shm)" -gt 2097152 ]; then place=/dev/shm; fi
dir=$(mktemp -d "$place/recourse-mariadb.XXXXXX")
user=$(id -un)
server=

stop() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

up() {
  for _ in $(seq 300); do
    if mariadb --no-defaults --user=root --socket="$dir/s.sock" --execute='SELECT 1' >/dev/null 2>&1; then return; fi
    kill -0 "$server" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

PATH=$PATH:/usr/sbin
mariadb-install-db --no-defaults --user="$user" --datadir="$dir/data" --auth-root-authentication-method=normal \
  --skip-test-db --skip-name-resolve >"$dir/install.log" 2>&1 || { cat "$dir/install.log" >&2; exit 1; }

for attempt in 1 2 3; do # the port may be taken between choosing and binding
  port=$(free_port)
  mariadbd --no-defaults --user="$user" --datadir="$dir/data" --socket="$dir/s.sock" --pid-file="$dir/pid" --log-error="$dir/err.log" \
    --bind-address=127.0.0.1 --port="$port" --skip-name-resolve \
    --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci --innodb-snapshot-isolation=ON \
    --innodb-log-file-size=64M --innodb-buffer-pool-size=256M --innodb-file-per-table=OFF \
    --performance-schema=OFF --max-connections=300 \
    --sql-mode=ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION 2>>"$dir/err.log" &
  server=$!
  if up; then break; fi
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  if [ "$attempt" = 3 ]; then cat "$dir/err.log" >&2; exit 1; fi
done

RECOURSE_TEST_MYSQL=mysql://root@127.0.0.1:$port "$@"
