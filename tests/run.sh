#!/usr/bin/env bash
# Installs what the tests need, builds, and runs every test through CTest.
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
usage: tests/run.sh [--no-install] [PRESET...] [-- CTEST-ARGUMENT...]

Installs what is missing (Debian and Ubuntu packages, with sudo when you are not root), builds, and runs every test.
PRESET is release (the default), dev, asan or tsan; several run in turn, up to the first that fails.
Exit status and last line are CTest's.

  --no-install  install nothing, use what is there

Temporary files go to TMPDIR; without one, to /dev/shm where that is memory with 4 GiB to spare.
TEXT
}

# Tests start hundreds of daemons, which wait for the disk whenever they keep a token safe: on a slow one that takes longer
# than any test is patient.
prefer_memory_for_temporary_files() {
  local folder=/dev/shm kind free_kib
  if [[ -n ${TMPDIR:-} || ! -w $folder ]]; then return; fi
  kind=$(stat --file-system --format=%T "$folder")
  free_kib=$(df --output=avail "$folder" | tail -n 1)
  if [[ $kind == tmpfs ]] && ((free_kib >= 4 * 1024 * 1024)) && runs_programs_from "$folder"; then
    export TMPDIR=$folder
  fi
}

runs_programs_from() {
  local program status=0
  program=$(mktemp "$1/partner-center-program.XXXXXX")
  cp /bin/true "$program"
  chmod +x "$program"
  "$program" 2>/dev/null || status=$?
  rm -f "$program"
  return "$status"
}

may_install=yes
presets=()
ctest_arguments=()
while (($# > 0)); do
  case $1 in
    release | dev | asan | tsan) presets+=("$1") ;;
    --no-install) may_install=no ;;
    --)
      shift
      ctest_arguments=("$@")
      break
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      complain "tests/run.sh: unknown argument: $1"
      usage >&2
      exit 2
      ;;
  esac
  shift
done
if ((${#presets[@]} == 0)); then presets=(release); fi

prefer_memory_for_temporary_files
open_work_folder tests
provide "$may_install" "${build_packages[@]}" "${tool_packages[@]}" "${prometheus_packages[@]}" \
  "${test_packages[@]}"
simulator=  # the same program in every preset: the first one builds it for all
for preset in "${presets[@]}"; do
  configure "$preset" "-DPCE_SIMULATOR=$simulator"
  build "$preset"
  simulator=${simulator:-$root/build/$preset/partner_center_simulator}
  say "==> Testing $preset"
  # More than cores: many tests wait for programs that wait for each other.
  (in_build_environment "$preset" \
    ctest --preset "$preset" --parallel "$(($(nproc) * 2))" "${ctest_arguments[@]}")
done
