#!/usr/bin/env bash
# Builds everything and shows it at work on this machine: simulator, exporter, Prometheus.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
cd -- "$root"
exec </dev/null
# shellcheck source=deploy/lib/steps.sh
. deploy/lib/steps.sh
# shellcheck source=deploy/lib/packages.sh
. deploy/lib/packages.sh
# shellcheck source=deploy/lib/build.sh
. deploy/lib/build.sh
# shellcheck source=deploy/lib/processes.sh
. deploy/lib/processes.sh

usage() {
  cat <<'TEXT'
usage: deploy/demo.sh [--once] [--no-install]

Installs what is missing (Debian and Ubuntu packages, with sudo when you are not root), builds, and starts on
loopback addresses: a simulated Partner Center, the exporter that polls it, and Prometheus, which scrapes the exporter.
Prints what to open. Ctrl-C ends all of it and leaves nothing behind but the packages and build/.

  --once        end by itself: 0 when Prometheus answered with the expected licences, 1 when it did not
  --no-install  install nothing, use what is there
TEXT
}

once=no
may_install=yes
for argument; do
  case $argument in
    --once) once=yes ;;
    --no-install) may_install=no ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      complain "deploy/demo.sh: unknown argument: $argument"
      usage >&2
      exit 2
      ;;
  esac
done

# The one customer of the simulated estate whose figures come from Microsoft's documentation.
seed_customer='customer_id="4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04"'
seed_rows=(
  'OFFICE 365 BUSINESS ESSENTIALS=1'
  'EXCHANGE ONLINE (PLAN 1)=5'
  'EXCHANGE ONLINE ARCHIVING FOR EXCHANGE ONLINE=2'
)

has_prometheus() { command -v prometheus >/dev/null && command -v promtool >/dev/null; }

get_packages() {
  provide "$may_install" "${build_packages[@]}" "${tool_packages[@]}"
  if [[ $may_install == yes ]]; then install_missing --optional "${prometheus_packages[@]}" || true; fi
  if has_prometheus; then return 0; fi
  if [[ $once == yes ]]; then
    fail "There is no prometheus and promtool in PATH, and --once asks Prometheus for its answer."
  fi
  say "There is no prometheus and promtool in PATH: the demo goes on without Prometheus."
}

start_simulator() {
  serve simulator 10366 /_sim/settings build/release/partner_center_simulator --web.listen-address=@ADDRESS@ --customers=25 --seed=1
  simulator=$address
}

start_exporter() {
  sed "s/127\.0\.0\.1:10366/$simulator/" config/demo.yml >"$work/exporter.yml"
  (umask 077 && printf 'demo-refresh-token\n' >"$work/demo.token")
  serve exporter 10365 /-/healthy build/release/partner_center_exporter \
    --config.file="$work/exporter.yml" --web.listen-address=@ADDRESS@
  exporter=$address
}

start_prometheus() {
  cp -R deploy/prometheus "$work/prometheus"
  cp config/prices.example.yml "$work/prometheus"
  sed "s/127\.0\.0\.1:10365/$exporter/" deploy/prometheus/demo.yml >"$work/prometheus/demo.yml"
  serve prometheus 9090 /-/ready prometheus --config.file="$work/prometheus/demo.yml" \
    --storage.tsdb.path="$work/prometheus/data" --web.listen-address=@ADDRESS@
  prometheus=$address
}

exporter_has_data() {
  fetch --fail "http://$exporter/metrics" >"$work/metrics" 2>/dev/null &&
    grep -q "^licenses_sold{.*$seed_customer" "$work/metrics"
}

prometheus_has_data() {
  local row
  promtool query instant "http://$prometheus" "licenses_sold{$seed_customer}" >"$work/answer" 2>&1 || return 1
  [[ $(grep -c '^licenses_sold{' "$work/answer") == "${#seed_rows[@]}" ]] || return 1
  for row in "${seed_rows[@]}"; do
    grep -F "product=\"${row%=*}\"" "$work/answer" | grep -qF "} => ${row##*=} @" || return 1
  done
}

data_is_missing() {
  complain "$1"
  show_logs
  exit 1
}

# The page "/" leads to differs from release to release; so do the parameters' readers, but g0.expr is common to all.
graph_address() {
  local start
  start=$(fetch --output /dev/null --write-out '%{redirect_url}' "http://$prometheus/" 2>/dev/null) || true
  printf '%s?g0.expr=deployment_percent&g0.tab=0&g0.range_input=5m' "${start:-http://$prometheus/graph}"
}

first_metrics() {
  awk -F '{' '/^(licenses_sold|licenses_deployed|deployment_percent)\{/ && ++shown[$1] <= 4 { print "  " $0 }' \
    "$work/metrics"
}

open_work_folder demo
get_packages
configure release
build release partner_center_exporter partner_center_simulator

# Everything below talks to loopback addresses, whatever proxy this machine uses otherwise.
export no_proxy="127.0.0.1${no_proxy:+,$no_proxy}"
say "==> Starting"
start_simulator
say "    simulated Partner Center at http://$simulator"
start_exporter
say "    exporter at http://$exporter"
if has_prometheus; then
  start_prometheus
  say "    Prometheus at http://$prometheus"
fi

say "==> Waiting for the first figures"
wait_for 60 exporter_has_data ||
  data_is_missing "The exporter's page has no licenses_sold{$seed_customer} after 60 s."
if has_prometheus; then
  wait_for 60 prometheus_has_data || data_is_missing "Prometheus should answer licenses_sold{$seed_customer} with
$(printf '  %s\n' "${seed_rows[@]}")
within 60 s. Its last answer:
$(cat "$work/answer")
Its view of the exporter:
$(promtool query instant "http://$prometheus" 'up' 2>&1 || true)"
fi

say "==> The first lines of http://$exporter/metrics"
first_metrics
if has_prometheus; then
  say "==> Prometheus answers licenses_sold{$seed_customer} with"
  sed 's/^/  /' "$work/answer"
fi
if [[ $once == yes ]]; then exit 0; fi

interrupted_status=0
say "==> Running. Open"
say "  the exporter's page   http://$exporter/"
say "  its metrics           http://$exporter/metrics"
if has_prometheus; then
  say "  a graph               $(graph_address)"
  say "  rules and alerts      http://$prometheus/alerts"
fi
say "Logs are in $work/logs. Ctrl-C ends everything."
while sleep 0.5; do check_children; done
