#!/usr/bin/env bash
# Installs what the tests need and this machine lacks: Debian packages by apt, Go tools into .tools/bin. Says nothing when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin

commands=( # command:packages; gcc is for the race detector
  "gcc:gcc libc6-dev" mariadbd:mariadb-server-core mariadb:mariadb-client-core qpdf:qpdf pdftotext:poppler-utils chromium:chromium curl:curl jq:jq
)
tools=( # name, module path of the command, version
  "staticcheck honnef.co/go/tools/cmd/staticcheck v0.8.2"
  "govulncheck golang.org/x/vuln/cmd/govulncheck v1.9.0"
  "versitygw github.com/versity/versitygw/cmd/versitygw v1.8.0"
)

missing=()
for pair in "${commands[@]}"; do
  command -v "${pair%%:*}" >/dev/null || read -ra missing <<<"${missing[*]} ${pair##*:}"
done
apt() { # as root, or through sudo, never asking for a password that nobody can type
  if [ "$(id -u)" = 0 ]; then
    DEBIAN_FRONTEND=noninteractive apt-get "$@"
  else
    sudo -n env DEBIAN_FRONTEND=noninteractive apt-get "$@"
  fi
}

if [ ${#missing[@]} -gt 0 ]; then
  install="apt-get install -y --no-install-recommends ${missing[*]}"
  if ! command -v apt-get >/dev/null || { [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; }; then
    echo "tools: missing here: ${missing[*]}; install them, on Debian or Ubuntu with: sudo $install" >&2
    exit 1
  fi
  echo "tools: $install"
  log=$(mktemp)
  { apt update && apt install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null || { tail -n 40 "$log" >&2; rm -f "$log"; exit 1; }
  rm -f "$log"
fi

for tool in "${tools[@]}"; do
  read -r name path version <<<"$tool"
  if [ -x ".tools/bin/$name" ] && go version -m ".tools/bin/$name" | grep -qE "^\s+mod\s.*\s$version\b"; then continue; fi
  echo "tools: $path@$version"
  # Outside the module, so that a tool's needs never mix with the program's.
  (here=$PWD; cd / && GOBIN="$here/.tools/bin" CGO_ENABLED=0 go install "$path@$version" 2> >(grep -v '^go: downloading' >&2))
done

# Real receivers of mail and webhooks, for the tests of package messages.
receivers=messages/receivers
if [ ! -d $receivers/node_modules ] || [ $receivers/package-lock.json -nt $receivers/node_modules ]; then
  echo "tools: npm ci in $receivers"
  (cd $receivers && npm ci --no-audit --no-fund --loglevel=error && touch node_modules) >/dev/null
fi
