#!/usr/bin/env bash
# The exporter beside its peers, in one run: the same series from real servers, scraped by one client. Prints a table with
# the verdicts and writes it as JSON.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
cd -- "$root"
exec </dev/null
# shellcheck source=deploy/lib/steps.sh
. deploy/lib/steps.sh
# shellcheck source=deploy/lib/packages.sh
. deploy/lib/packages.sh
# shellcheck source=deploy/lib/build.sh
. deploy/lib/build.sh

usage() {
  cat <<'TEXT'
usage: tests/bench/run.sh [--no-install] [--built=FOLDER] [OPTION...]

  --no-install      install nothing; what is missing is left out of the table, which says so
  --built=FOLDER    measure what is built there and install nothing
  --series=N,...    10000,100000,1000000; the goals are judged at the last
  --scrapes=N       of each server and form, at least (5)
  --only=PART,...   of exporter, floor, exposer, client_go, client_python, refresh, parts
  --timeout=N       seconds a scrape may take (120)
  --json=FILE       where the figures go (build/bench.json)
  --check           exit with 1 when a goal is missed
TEXT
}

may_install=yes
built=
options=()
for argument; do
  case $argument in
    --no-install) may_install=no ;;
    --built=*)
      built=${argument#*=}
      may_install=no
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) options+=("$argument") ;;
  esac
done

build_go_peer() {
  GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$root/build/go-cache" GOFLAGS='' \
    go build -o "$root/build/release/tests/pce_bench_client_go" ./tests/bench/peers/client_go
}

if [[ -z $built ]]; then
  built=build/release
  open_work_folder bench
  provide "$may_install" "${build_packages[@]}" "${tool_packages[@]}"
  if [[ $may_install == yes ]]; then provide_peers; fi
  configure release
  build release partner_center_exporter partner_center_simulator bench_programs
  if command -v go >/dev/null && [[ -d /usr/share/gocode/src/github.com/prometheus/client_golang ]]; then
    step "Building the peer in Go" build_go_peer
  fi
  close_work_folder
  trap - EXIT HUP INT PIPE TERM
fi
export PYTHONDONTWRITEBYTECODE=1
exec /usr/bin/python3 tests/bench/compare --build="$built" "${options[@]}"
