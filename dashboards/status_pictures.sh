#!/usr/bin/env bash
# Draws dashboards/pictures/status_*.png: the exporter's own status page in a real Chromium, with two simulated tenants in
# good days and in bad ones. What is on them is what tests/end_to_end/status_page_test.cc tries.
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

usage() {
  cat <<'TEXT'
usage: dashboards/status_pictures.sh [--no-install] [--preset=PRESET]

  --no-install     install nothing, use what is there
  --preset=PRESET  the build to use: release (the default) or dev
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
      complain "dashboards/status_pictures.sh: unknown argument: $argument"
      usage >&2
      exit 2
      ;;
  esac
done

draw() {
  # The configuration's path is on one of them.
  TMPDIR=/tmp UPDATE_PICTURES=$root/dashboards/pictures "build/$preset/tests/pce_status_page_test" --gtest_filter='StatusPictures.*'
}

make_smaller() {
  local picture
  for picture in dashboards/pictures/status_*.png; do python3 dashboards/drawing/smaller.py "$picture"; done
}

open_work_folder status-pictures
provide "$may_install" "${build_packages[@]}" "${tool_packages[@]}" "${test_packages[@]}"
configure "$preset"
build "$preset" partner_center_exporter partner_center_simulator pce_status_page_test
mkdir -p dashboards/pictures
step "Drawing" draw
step "Making the files smaller" make_smaller
say "==> Done"
ls -l dashboards/pictures/status_*.png
