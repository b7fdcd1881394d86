#!/usr/bin/env bash
# How close polling comes to what latency and concurrency allow: calls × latency ÷ concurrency, against the time the
# exporter's first round took. Prints both and their ratio.
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

customers=${1:-2000}
latency_ms=${2:-20}
concurrency=${3:-16}

open_work_folder bench
configure release
build release partner_center_exporter partner_center_simulator

(umask 077 && printf 'made-up-word\n' >"$work/demo.token")
serve simulator 10366 / build/release/partner_center_simulator --web.listen-address=@ADDRESS@ \
  --customers="$customers" --latency="${latency_ms}ms"
sed -e "s/127\.0\.0\.1:10366/$address/" -e "s/concurrency: .*/concurrency: $concurrency/" \
  -e "s/requests_per_minute: .*/requests_per_minute: 10000000/" -e 's/interval: .*/interval: 6h/' \
  -e 's/stale_after: .*/stale_after: 48h/' -e 's/^insights:/&\n  source: classic/' config/demo.yml >"$work/exporter.yml"
serve exporter 10365 /-/healthy build/release/partner_center_exporter \
  --config.file="$work/exporter.yml" --web.listen-address=@ADDRESS@
exporter=$address

round_has_ended() { grep -q 'Round finished' "$(log_of exporter)"; }
wait_for 600 round_has_ended || fail "The round did not end within 10 minutes."
took=$(sed -n 's/.*msg="Round finished".* duration_seconds=\([0-9.e-]*\).*/\1/p' "$(log_of exporter)" | head -n 1)
if [[ -z $took ]]; then
  show_logs
  fail "The round had failures, so its time means nothing."
fi
calls=$(fetch "http://$exporter/metrics" |
  awk '/^partner_center_api_requests_total\{/ && !/operation="token"/ { sum += $NF } END { print sum }')
awk -v calls="$calls" -v latency="$latency_ms" -v concurrency="$concurrency" -v took="$took" 'BEGIN {
  least = calls * latency / 1000 / concurrency
  printf "calls %d  latency %d ms  concurrency %d  least %.2f s  took %.2f s  ratio %.2f\n",
         calls, latency, concurrency, least, took, took / least
}'
