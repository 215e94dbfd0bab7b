#!/usr/bin/env bash
# Checks the files of this folder. A tool that is missing is named and its part skipped; a finding makes the exit status 1.
#   deploy/lint.sh             with what is on PATH
#   deploy/lint.sh --install   first installs lint-requirements.txt into target/deploy-lint (pip)
set -euo pipefail
cd "$(dirname "$0")/.."

tools=target/deploy-lint
if [[ ${1:-} == --install && ! -x $tools/bin/hadolint ]]; then
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check --requirement deploy/lint-requirements.txt
fi
PATH="$PWD/$tools/bin:$PATH"

# The exposure that systemd-analyze may find, times ten. It finds 1.1, for what a server needs: the network and the root folder.
exposure=15
failed=0

has() { command -v "$1" >/dev/null; }
skip() { echo "skipped: $1"; }
check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    echo "ok: $name"
  else
    echo "FAILED: $name"
    printf '%s\n' "$output"
    failed=1
  fi
}

if has hadolint; then
  check "Dockerfile (hadolint)" hadolint deploy/Dockerfile
else
  skip "Dockerfile: hadolint is missing"
fi

compose=(--env-file deploy/.env.example --file deploy/compose.yaml config --quiet)
if docker compose version >/dev/null 2>&1; then
  check "compose.yaml (docker compose)" docker compose "${compose[@]}"
elif has docker-compose; then
  check "compose.yaml (docker-compose)" docker-compose "${compose[@]}"
elif python3 -c 'import yaml' 2>/dev/null; then
  check "compose.yaml (YAML only)" python3 -c 'import yaml; yaml.safe_load(open("deploy/compose.yaml", encoding="utf-8"))'
else
  skip "compose.yaml: neither Compose nor PyYAML is there"
fi

if has systemd-analyze; then
  check "evolva.service (exposure at most ${exposure%?}.${exposure#?})" \
    systemd-analyze security --no-pager --offline=true --threshold="$exposure" deploy/evolva.service
  # `verify` wants the program to exist, so it gets one that does.
  copy=$(mktemp -d)
  trap 'rm -r "$copy"' EXIT
  sed 's|/usr/local/bin/evolva|/bin/true|' deploy/evolva.service >"$copy/evolva.service"
  # It warns of a mistyped setting and still succeeds, so any output is a finding.
  findings=$(systemd-analyze verify --man=no --recursive-errors=no "$copy/evolva.service" 2>&1 || true)
  check "evolva.service (systemd-analyze verify)" test -z "$findings"
  [[ -z $findings ]] || printf '%s\n' "$findings"
else
  skip "evolva.service: systemd-analyze is missing"
fi

if has shellcheck; then
  check "shell scripts (shellcheck)" shellcheck deploy/*.sh
else
  skip "shell scripts: shellcheck is missing"
fi

exit "$failed"
