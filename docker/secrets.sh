#!/usr/bin/env bash
# Makes the random secrets that compose.yaml hands to the containers, once; what is there stays.
# The folder is private to you; the files in it are readable, because the server in its container is another user.
set -euo pipefail
cd "$(dirname "$0")"

mkdir -p -m 0700 secrets
if [ ! -e secrets/database_password ]; then
  password=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
  printf %s "$password" >secrets/database_password
  printf %s "mysql://recourse:$password@database:3306/recourse" >secrets/database_url
  chmod 0444 secrets/database_password secrets/database_url
fi
