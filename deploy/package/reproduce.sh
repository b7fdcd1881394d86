#!/usr/bin/env bash
# Builds the package of this commit twice, in two folders, and compares the two byte by byte.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
cd -- "$root"
exec </dev/null
# shellcheck source=deploy/lib/steps.sh
. deploy/lib/steps.sh

usage() {
  cat <<'TEXT'
usage: deploy/package/reproduce.sh

Clones the commit that is checked out into two folders with different names, builds the Debian package in each, without a
compiler cache, and compares the two. Ends with 0 when they are the same bytes, else with 1 and what differs. Takes as long
as building everything twice. What is not committed is not looked at.
TEXT
}
case ${1-} in
  -h | --help)
    usage
    exit 0
    ;;
esac
for tool in git cmake ninja cpack dpkg-shlibdeps; do
  command -v "$tool" >/dev/null || fail "$tool is not in PATH; tests/run.sh installs what it needs, git apart."
done
unset SOURCE_DATE_EPOCH CMAKE_CXX_COMPILER_LAUNCHER
export CCACHE_DISABLE=1

package_in() {
  (
    cd -- "$1" &&
      cmake --preset release -DPCE_BUILD_TESTS=OFF &&
      ninja -C build/release partner_center_exporter pce_documents &&
      cd build/release && cpack -G DEB
  )
}

open_work_folder reproduce
commit=$(git rev-parse HEAD)
packages=()
for folder in "$work/one" "$work/another folder/of another length"; do
  mkdir -p -- "$(dirname -- "$folder")"
  git clone --quiet --no-hardlinks "$root" "$folder"
  git -C "$folder" reset --quiet --hard "$commit"  # the branch may have moved on meanwhile
  step "Building in $folder" package_in "$folder" || exit 1
  packages+=("$folder"/build/release/partner-center-exporter_*.deb)
done
sha256sum -- "${packages[@]}"
if cmp -- "${packages[@]}"; then
  say "The same bytes, after $SECONDS s."
  exit 0
fi
for i in 0 1; do dpkg-deb --raw-extract "${packages[i]}" "$work/content$i"; done
diff --recursive --brief "$work/content0" "$work/content1" || true
fail "The packages differ."
