#!/usr/bin/env bash
# Draws dashboards/pictures/*.png: what the dashboards show, from real answers to their own queries. Grafana is in no
# Debian release, so the layout is read from the dashboards and drawn by dashboards/drawing.
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
usage: dashboards/pictures.sh [--no-install] [--preset=PRESET]

Builds, starts two simulated partner tenants, the exporter and Prometheus on loopback addresses, plays a month in the
estates of the tenants and two bad minutes, and draws the dashboards into dashboards/pictures/. Takes about five minutes.

  --no-install     install nothing, use what is there
  --preset=PRESET  the build to use: release (the default), dev, asan or tsan
TEXT
}

may_install=yes
preset=release
for argument; do
  case $argument in
    --no-install) may_install=no ;;
    --preset=*) preset=${argument#*=} ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      complain "dashboards/pictures.sh: unknown argument: $argument"
      usage >&2
      exit 2
      ;;
  esac
done

customer=b40e339f-97c4-4d20-8785-6e744bd6ff08  # Relecloud Research Ltd 19, of the first simulator

start_tenants() {
  serve contoso 10366 /_sim/settings "build/$preset/partner_center_simulator" --web.listen-address=@ADDRESS@ --customers=60 --seed=1
  contoso=$address
  serve fabrikam 10367 /_sim/settings "build/$preset/partner_center_simulator" --web.listen-address=@ADDRESS@ --customers=44 --seed=7
  fabrikam=$address
}

account() {
  (umask 077 && printf 'a-made-up-word\n' >"$work/$1.token")
  cat <<YAML
  - name: $1
    cloud: custom
    tenant_id: 11111111-2222-3333-4444-555555555555
    client_id: 66666666-7777-8888-9999-000000000000
    refresh_token_file: $1.token
    endpoints: {api: "http://$2", login: "http://$2", resource: "https://api.partnercenter.microsoft.com"}
YAML
}

start_exporter() {
  {
    printf 'accounts:\n'
    account contoso "$contoso"
    account fabrikam "$fabrikam"
    printf 'insights: {interval: 1s, stale_after: 1h}\nlimits: {requests_per_minute: 60000}\n'
  } >"$work/exporter.yml"
  serve exporter 10365 /-/healthy "build/$preset/partner_center_exporter" --config.file="$work/exporter.yml" \
    --web.listen-address=@ADDRESS@
  exporter=$address
}

play_month() { python3 dashboards/drawing/month.py "$exporter" "$contoso" "$fabrikam" >"$work/history.txt"; }

make_blocks() { promtool tsdb create-blocks-from openmetrics --quiet "$work/history.txt" "$work/data"; }

start_prometheus() {
  cat >"$work/prometheus.yml" <<YAML
global: {scrape_interval: 2s, scrape_timeout: 2s}
scrape_configs:
  - job_name: partner_center
    static_configs: [{targets: ['$exporter']}]
YAML
  # The history has a sample every twelve hours.
  serve prometheus 9090 /-/ready prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" \
    --storage.tsdb.retention.time=60d --query.lookback-delta=13h --web.listen-address=@ADDRESS@
  prometheus=$address
}

# trouble SECONDS TENANT RULE, and then a quiet moment
trouble() {
  fetch --fail --output /dev/null --data "$3" "http://$2/_sim/faults"
  sleep "$1"
  fetch --fail --output /dev/null --request DELETE "http://$2/_sim/faults"
  sleep 8
}

live_through_trouble() {
  sleep 45
  trouble 12 "$contoso" '{"match": {"operation": "customers"}, "share": 0.5, "fault": {"status": 429, "retry_after": 3}}'
  trouble 12 "$contoso" '{"match": {"path_contains": "analytics"}, "share": 0.4, "fault": {"status": 503}}'
  trouble 12 "$contoso" '{"match": {"path_contains": "analytics"}, "fault": {"variant": {"unknown_keys": true}}}'
  fetch --fail --output /dev/null --data '{"match": {"path_contains": "licenses/usage"}, "fault": {"variant": {"empty_items": true}}}' \
    "http://$fabrikam/_sim/faults"
  fetch --fail --output /dev/null --data '{"match": {"path_contains": "commercial/usage"}, "fault": {"variant": {"empty_items": true}}}' \
    "http://$fabrikam/_sim/faults"
  sleep 12
}

# draw NAME SPAN STEP SECTIONS
draw() {
  local page=$work/$1.html picture=dashboards/pictures/$1.png height sandbox=()
  if ((EUID == 0)); then sandbox=(--no-sandbox); fi
  python3 dashboards/drawing/page.py "dashboards/$1.json" "$prometheus" "$customer" "$2" "$3" "$4" >"$page"
  height=$(tail -n 1 "$page" | tr -dc '0-9')
  mkdir -p dashboards/pictures
  chromium --headless=new "${sandbox[@]}" --disable-gpu --disable-dev-shm-usage --hide-scrollbars --user-data-dir="$work/profile" \
    --window-size="1600,$height" --screenshot="$picture" "file://$page"
  python3 dashboards/drawing/smaller.py "$picture"
}

draw_all() {
  draw fleet 2592000 21600 0,1,2,3
  draw customer 2592000 21600 0,1,2,3
  draw exporter 150 2 0,1,3
}

open_work_folder pictures
provide "$may_install" "${build_packages[@]}" "${tool_packages[@]}" "${prometheus_packages[@]}" "${test_packages[@]}"
configure "$preset"
build "$preset" partner_center_exporter partner_center_simulator
export no_proxy="127.0.0.1${no_proxy:+,$no_proxy}"
say "==> Starting"
start_tenants
start_exporter
step "Playing a month" play_month
step "Giving it to Prometheus" make_blocks
start_prometheus
step "Living through two bad minutes" live_through_trouble
step "Drawing" draw_all
say "==> Done"
ls -l dashboards/pictures
