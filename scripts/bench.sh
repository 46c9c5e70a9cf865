#!/usr/bin/env bash
# Prints measured figures of speed and size, with the machine named. Compare ratios within one run, not figures between machines.
# Both engines keep their data on the same disk here, not in memory. Arguments go to bench: -only report,list
set -euo pipefail
cd "$(dirname "$0")/.."

PLACE=${TMPDIR:-/tmp} exec scripts/with-mariadb.sh go run ./bench "$@"
