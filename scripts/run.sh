#!/usr/bin/env bash
# Serves the built program on a free local port, with the example case on first start. Data stay in data/ (RECOURSE_DATA to change it).
set -euo pipefail
cd "$(dirname "$0")/.."

export RECOURSE_DATA=${RECOURSE_DATA:-./data}
export RECOURSE_COMPANY_NAME_ZH=${RECOURSE_COMPANY_NAME_ZH:-华贸进出口有限公司} # as reports of the example company are headed
export RECOURSE_COMPANY_NAME_EN="${RECOURSE_COMPANY_NAME_EN:-Huamao Import & Export Co., Ltd}"
if [ -z "${RECOURSE_LISTEN:-}" ]; then
  port=8080
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  export RECOURSE_LISTEN=127.0.0.1:$port
fi
exec bin/recourse serve --demo
