#!/usr/bin/env bash
# A million series, and a SIGKILL in the middle of a round: how long until every series is back, and whether a real
# Prometheus sees a gap. tests/bench/warm_restart.sh [CUSTOMERS=5700] [SCRAPE_INTERVAL_SECONDS=15]; a customer has 180
# series. Ends with 0 when all of it came back within 2 seconds, with its values and ages, and there was no gap.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
cd -- "$root"
exec </dev/null
# shellcheck source=deploy/lib/steps.sh
. deploy/lib/steps.sh
# shellcheck source=deploy/lib/build.sh
. deploy/lib/build.sh
# shellcheck source=deploy/lib/processes.sh
. deploy/lib/processes.sh

customers=${1:-5700}
scrape_interval=${2:-15}
goal=2.0

open_work_folder warm-restart
configure release
build release partner_center_exporter partner_center_simulator

(umask 077 && printf 'made-up-word\n' >"$work/demo.token")
serve simulator 10366 / build/release/partner_center_simulator --web.listen-address=@ADDRESS@ \
  --customers="$customers" --products=15 --computed-partner-usage
simulator=$address
sed -e "s/127\.0\.0\.1:10366/$simulator/" -e "s/requests_per_minute: .*/requests_per_minute: 10000000/" \
  -e 's/interval: .*/interval: 2m/' -e 's/stale_after: .*/stale_after: 48h/' config/demo.yml >"$work/exporter.yml"
command=(build/release/partner_center_exporter --config.file="$work/exporter.yml" --storage.path="$work/kept"
  --web.listen-address=@ADDRESS@)
serve exporter 10365 /-/healthy "${command[@]}"
exporter=$address

metric() { fetch "http://$exporter/metrics" | awk -v name="$1" '$1 == name { print $2 }'; }
is_ready() { fetch --fail --output /dev/null "http://$exporter/-/ready" 2>/dev/null; }
all_is_kept() { [[ $(metric partner_center_exporter_storage_waiting) == 0 ]]; }
scrape() { fetch --fail --compressed --max-time 30 "http://$exporter/metrics" >"$1"; }
insights_in() { grep -E '^(licenses|deployment|usage|partner_licenses|partner_deployment|partner_usage)_' "$1" | sort; }
successes_in() { grep '^partner_center_collector_last_success_timestamp_seconds' "$1"; }

wait_for 600 is_ready || fail "The first round did not end within 10 minutes."
wait_for 60 all_is_kept || fail "What was read was not kept within a minute."

cat >"$work/prometheus.yml" <<TEXT
global: {scrape_interval: ${scrape_interval}s, scrape_timeout: ${scrape_interval}s}
scrape_configs: [{job_name: exporter, static_configs: [{targets: ['$exporter']}]}]
TEXT
serve prometheus 9090 /-/ready prometheus --config.file="$work/prometheus.yml" \
  --storage.tsdb.path="$work/tsdb" --web.listen-address=@ADDRESS@
prometheus=$address

ask() { # the value of a query with a single answer
  fetch --get --max-time 60 --data-urlencode "query=$1" "http://$prometheus/api/v1/query" |
    sed -n 's/.*"value":\[[^,]*,"\([^"]*\)"\].*/\1/p'
}
scrapes() { ask 'count_over_time(up{job="exporter"}[1h])'; }
at_least_scrapes() { [[ $(scrapes) -ge $1 ]]; }
wait_for 120 at_least_scrapes 2 || fail "Prometheus does not scrape."

scrape "$work/before"
calls() { fetch "http://$simulator/_sim/log?last=0" | awk -F: '/"total"/ { print $2 + 0 }'; }
calls_before=$(calls)
in_a_round() { (($(calls) > calls_before + 2)); }
wait_for 300 in_a_round || fail "No further round began."

say "Killing the exporter in the middle of a round"
pid=${child_pid[exporter]}
forget_child exporter
kill -KILL "$pid"
wait "$pid" 2>/dev/null || true
began=$(date +%s.%N)
start_child exporter "${command[@]//@ADDRESS@/$exporter}"
until scrape "$work/after" 2>/dev/null; do check_children; done
ended=$(date +%s.%N)

insights_in "$work/before" >"$work/insights.before"
insights_in "$work/after" >"$work/insights.after"
cmp "$work/insights.before" "$work/insights.after" || fail "Not every series is back with its value."
series=$(wc -l <"$work/insights.after")
awk -v killed="$began" '$2 <= 0 || $2 > killed { print "age of", $0; bad = 1 } END { exit bad }' \
  <(successes_in "$work/after") || fail "An age is not the true one."

wait_for 300 at_least_scrapes $(($(scrapes) + 2)) || fail "Prometheus does not scrape any more."
up=$(ask 'min_over_time(up{job="exporter"}[1h])')
range="[10m:${scrape_interval}s]"
least=$(ask "min_over_time(sum(scrape_samples_scraped)$range)")
gaps=$(ask "max_over_time((count(licenses_sold))$range) - min_over_time((count(licenses_sold))$range)")

load=$(sed -n 's/.*msg="Kept answers are shown again.* duration_seconds=\([0-9.e-]*\).*/\1/p' "$(log_of exporter)" | head -n 1)
size=$(du -k "$work/kept" | cut -f 1)
took=$(awk -v began="$began" -v ended="$ended" 'BEGIN { printf "%.2f", ended - began }')
say "series $series  kept ${size} KiB  decoded and shown in ${load} s  whole scrape ${took} s after start (goal $goal s)"
say "Prometheus at ${scrape_interval} s: up at least $up, samples at least $least, series missing at any time $gaps"
[[ $up == 1 && $gaps == 0 ]] || fail "Prometheus saw a gap."
awk -v took="$took" -v goal="$goal" 'BEGIN { exit !(took <= goal) }' || fail "That is too slow."
