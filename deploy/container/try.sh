#!/usr/bin/env bash
# Tries the container image: builds it on a fresh Debian, looks into it, and runs it with a read-only root.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
cd -- "$root"
exec </dev/null
# shellcheck source=deploy/lib/steps.sh
. deploy/lib/steps.sh
# shellcheck source=deploy/lib/processes.sh
. deploy/lib/processes.sh

usage() {
  cat <<'TEXT'
usage: deploy/container/try.sh [BASE]

Builds deploy/container/Containerfile around the package of build/release (cpack -G DEB), with buildah and without a
container runtime. BASE is a tar file of a root file system (mmdebstrap --variant=minbase --include=ca-certificates);
without it one is made from the package sources of this machine. Then looks into the image and runs it on a read-only
root against a simulated Partner Center. Ends with 0 when all of it is as it should be, else with 1. Takes three minutes.
To be run as root.
TEXT
}
case ${1-} in
  -h | --help)
    usage
    exit 0
    ;;
esac
if ((EUID != 0)); then fail "deploy/container/try.sh has to be run as root."; fi
for tool in buildah curl unshare; do command -v "$tool" >/dev/null || fail "$tool is not in PATH: apt-get install $tool"; done
build=$root/build/release
package=$(printf '%s\n' "$build"/partner-center-exporter_*.deb | tail -n 1)
if [[ ! -f $package ]]; then
  fail "There is no package. Make one: cmake --build --preset release && (cd build/release && cpack -G DEB)"
fi

check() {
  local what=$1
  shift
  "$@" || fail "    NOT: $what"
  say "    $what"
}
is() { [[ $1 == "$2" ]] || { complain "found \"$1\", wanted \"$2\""; return 1; }; }

store() { buildah --root "$work/storage" --runroot "$work/run" --storage-driver vfs "$@"; }

make_base() {
  local codename files file
  base_tar=$work/base.tar
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release && printf '%s' "$VERSION_CODENAME")
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    if [[ -s $file ]]; then files+=("$file"); fi
  done
  mmdebstrap --variant=minbase --include=ca-certificates "$codename" "$base_tar" "${files[@]}"
}
import_base() {
  local container
  container=$(store from scratch) && store add "$container" "$1" / && store commit --rm "$container" pce-base
}
build_image() {
  mkdir "$work/context" && cp "$package" "$work/context/" &&
    store build --isolation chroot --format docker --file deploy/container/Containerfile \
      --build-arg BASE=localhost/pce-base --build-arg PACKAGE="$(basename -- "$package")" \
      --build-arg VERSION="$(dpkg-deb --field "$package" Version)" --tag pce-image "$work/context"
}

configured() { store inspect --type image --format "{{$1}}" pce-image; }
has_no_shell() { [[ ! -e $image/bin/sh && ! -e $image/usr/bin/sh && ! -e $image/bin/bash ]]; }
has_no_setuid() { is "$(find "$image" -perm /6000)" ""; }
is_small() { (($(du --summarize --block-size=1M "$image" | cut -f 1) <= 60)); }

# As a runtime would: nothing of the image can be written to but the state; who is not root has no capability.
run_image() {
  # shellcheck disable=SC2016
  exec unshare --mount bash -euc '
    image=$1 state=$2 etc=$3
    shift 3
    mount --bind "$image" "$image"
    mount --options remount,ro,bind "$image"
    mount --bind "$state" "$image/var/lib/partner-center-exporter"
    mount --bind "$etc" "$image/etc/partner-center-exporter"
    mount --options remount,ro,bind "$image/etc/partner-center-exporter"
    exec setpriv --no-new-privs -- chroot --userspec=65532:65532 "$image" /usr/bin/partner_center_exporter "$@"
  ' bash "$image" "$work/state" "$work/etc" "$@"
}
health_check_passes() {
  chroot --userspec=65532:65532 "$image" /usr/bin/partner_center_exporter healthcheck --exporter.url="http://$exporter"
}
health_check_fails() { ! health_check_passes 2>/dev/null; }
is_up() {
  fetch --fail "http://$exporter/metrics" >"$work/metrics" 2>/dev/null &&
    grep -q '^partner_center_up{.*} 1$' "$work/metrics" && grep -q '^licenses_sold{' "$work/metrics"
}
shows_licences() { wait_for 60 is_up; }
keeps_its_answers() { [[ -s $work/state/responses.sqlite ]]; }
ends_when_told_to() {
  local status=0
  kill -TERM "${child_pid[exporter]}"
  wait "${child_pid[exporter]}" || status=$?
  forget_child exporter
  is "$status" 0
}

open_work_folder container
if [[ -n ${1-} ]]; then
  base_tar=$(realpath -- "$1")
else
  command -v mmdebstrap >/dev/null || fail "mmdebstrap is not in PATH: apt-get install mmdebstrap"
  base_tar=$work/base.tar
  step "Making a fresh Debian" make_base || exit 1
fi
step "Taking it as the base" import_base "$base_tar" || exit 1
step "Building the image around $(basename -- "$package")" build_image || exit 1

container=$(store from pce-image)
image=$(store mount "$container")
say "==> Looking into it"
check "its user is a number" is "$(configured .OCIv1.Config.User)" "65532:65532"
check "it starts the exporter" is "$(configured .OCIv1.Config.Entrypoint)" "[/usr/bin/partner_center_exporter]"
check "it has a health check" is "$(configured .Docker.Config.Healthcheck.Test)" \
  "[CMD /usr/bin/partner_center_exporter healthcheck]"
check "it has no shell" has_no_shell
check "nothing in it runs as another user" has_no_setuid
check "it takes $(du --summarize --block-size=1M "$image" | cut -f 1) MB, of at most 60" is_small

say "==> Running it with a read-only root"
serve simulator 10366 /_sim/settings "$build/partner_center_simulator" --web.listen-address=@ADDRESS@ --customers=5 --seed=1
mkdir --mode=755 "$work/etc"
install -d -m 0700 -o 65532 -g 65532 "$work/state"
chmod 711 "$work"
sed -e "s/127\.0\.0\.1:10366/$address/" \
  -e "s|refresh_token_file: .*|refresh_token_file: /var/lib/partner-center-exporter/demo.token|" config/demo.yml \
  >"$work/etc/config.yml"
(umask 077 && printf 'demo-refresh-token\n' >"$work/state/demo.token")
chown 65532:65532 "$work/state/demo.token"
export -f run_image
export image work
serve exporter 10365 /-/healthy bash -c 'run_image "$@"' bash --config.file=/etc/partner-center-exporter/config.yml \
  --storage.path=/var/lib/partner-center-exporter --web.listen-address=@ADDRESS@
exporter=$address
check "it shows licences of the simulated Partner Center" shows_licences
check "it keeps its answers in the one place it may write to" keeps_its_answers
check "its health check passes" health_check_passes
check "it ends when told to" ends_when_told_to
check "then its health check fails" health_check_fails
store umount "$container" >/dev/null
say "All is as it should be, after $SECONDS s."
