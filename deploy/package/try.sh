#!/usr/bin/env bash
# Tries the Debian package in a Debian that has nothing else: installs, runs, upgrades, removes and purges it.
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
usage: deploy/package/try.sh [PACKAGE.deb]

Makes a fresh Debian (mmdebstrap, from the package sources of this machine) in a temporary folder, and in it, by chroot,
installs the package, starts the exporter as its own user, lets it read a simulated Partner Center, upgrades, removes and
purges it. Says what it looks at; ends with 0 when all of it is as it should be, else with 1. Takes two minutes, mostly
for fetching. To be run as root. Without an argument the package is the one of build/release (cpack -G DEB).
TEXT
}

package=
case ${1-} in
  -h | --help)
    usage
    exit 0
    ;;
  '') ;;
  *) package=$(realpath -- "$1") ;;
esac
if ((EUID != 0)); then fail "deploy/package/try.sh has to be run as root: it makes a Debian and changes into it."; fi
for tool in mmdebstrap dpkg-deb curl; do
  command -v "$tool" >/dev/null || fail "$tool is not in PATH: apt-get install $tool"
done
build=$root/build/release
if [[ -z $package ]]; then package=$(printf '%s\n' "$build"/partner-center-exporter_*.deb | tail -n 1); fi
if [[ ! -f $package ]]; then
  fail "There is no package. Make one: cmake --build --preset release && (cd build/release && cpack -G DEB)"
fi

name=partner-center-exporter
config=/etc/$name/config.yml
state=/var/lib/$name

check() {
  local what=$1
  shift
  "$@" || fail "    NOT: $what"
  say "    $what"
}

sources() {
  local file
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    if [[ -s $file ]]; then printf '%s\n' "$file"; fi
  done
}

make_debian() {
  local codename files
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release && printf '%s' "$VERSION_CODENAME")
  mapfile -t files < <(sources)
  mmdebstrap --variant=minbase "$codename" "$debian" "${files[@]}" &&
    cp /etc/resolv.conf "$debian/etc/resolv.conf" &&
    # Nothing is to be started by an installation here.
    printf '#!/bin/sh\nexit 101\n' >"$debian/usr/sbin/policy-rc.d" &&
    chmod 755 "$debian/usr/sbin/policy-rc.d" &&
    in_debian apt-get --quiet update
}

in_debian() { chroot "$debian" env PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }

install_package() {
  cp "$1" "$debian/tmp/package.deb" &&
    in_debian apt-get --yes --quiet --no-install-recommends --option Dpkg::Options::=--force-confold \
      install /tmp/package.deb &&
    rm "$debian/tmp/package.deb"
}

version() { in_debian partner_center_exporter --version | sed -n '1s/^partner_center_exporter, version \([^ ]*\).*/\1/p'; }
installed_version() { in_debian dpkg-query --status "$name" | sed -n 's/^Version: //p'; }
facts() { in_debian stat --format='%U:%G %a' "$1"; }
is() { [[ $1 == "$2" ]] || { complain "found \"$1\", wanted \"$2\""; return 1; }; }
exists() { [[ -e $debian$1 ]]; }
is_gone() { ! exists "$1"; }
says() { grep -qF -- "$2" "$debian$1"; }

start_exporter() {
  serve exporter 10365 /-/healthy chroot --userspec="$name:$name" "$debian" \
    /usr/bin/partner_center_exporter --config.file="$config" --web.listen-address=@ADDRESS@
  exporter=$address
}
runs_as_its_user() {
  local uid
  uid=$(sed -n 's/^Uid:\t\([0-9]*\).*/\1/p' "/proc/${child_pid[exporter]}/status")
  is "$uid" "$(in_debian id --user "$name")" && ((uid != 0))
}
stop_exporter() {
  local status=0
  kill -TERM "${child_pid[exporter]}"
  wait "${child_pid[exporter]}" || status=$?
  forget_child exporter
  is "$status" 0
}
waits_for_a_sign_in() { fetch "http://$exporter/-/ready" | grep -qF 'login'; }
is_up() {
  fetch --fail "http://$exporter/metrics" >"$work/metrics" 2>/dev/null &&
    grep -q '^partner_center_up{.*} 1$' "$work/metrics" && grep -q '^licenses_sold{' "$work/metrics"
}
scrapes_fine() { wait_for 60 is_up; }
health_check_passes() { in_debian partner_center_exporter healthcheck --exporter.url="http://$exporter"; }

# The demo's account, with its token where the service keeps it.
configure_for_simulator() {
  sed -e "s/127\.0\.0\.1:10366/$simulator/" -e "s|refresh_token_file: .*|refresh_token_file: $state/demo.token|" \
    config/demo.yml >"$debian$config"
  printf '# mine\nARGS="--log.level=debug"\n' >"$debian/etc/default/$name"
  printf 'demo-refresh-token\n' >"$debian$state/demo.token"
  chmod 600 "$debian$state/demo.token"
  in_debian chown "$name:$name" "$state/demo.token"
}

# The same with a higher version and another configuration as delivered.
make_upgrade() {
  dpkg-deb --raw-extract "$package" "$work/next"
  sed -i "s/^Version: .*/&+next/" "$work/next/DEBIAN/control"
  printf '\n# A later version explains more.\n' >>"$work/next$config"
  (cd "$work/next" && find etc usr -type f -exec md5sum {} + >DEBIAN/md5sums)
  dpkg-deb --root-owner-group --build "$work/next" "$work/next.deb"
}

leftovers() { find "$debian" -xdev \( -name '*partner[-_]center*' \) -not -path "$debian/var/log/*" -not -path "$debian/tmp/*"; }
leaves_nothing() { is "$(leftovers)" ""; }

open_work_folder package
debian=$work/debian
step "Making a fresh Debian" make_debian || exit 1

step "Installing $(basename -- "$package")" install_package "$package" || exit 1
check "it has a user of its own" in_debian getent passwd "$name"
check "its folder is its own" is "$(facts "$state")" "$name:$name 700"
check "its configuration is root's" is "$(facts "$config")" "root:root 644"
check "the service is not enabled" is_gone "/etc/systemd/system/multi-user.target.wants/$name.service"
check "the configuration it comes with is right" chroot --userspec="$name:$name" "$debian" \
  partner_center_exporter check --config.file="$config"

say "==> Starting it as it was installed"
start_exporter
check "it runs as its own user" runs_as_its_user
check "it waits for a sign-in" waits_for_a_sign_in
check "it ends when told to" stop_exporter

say "==> Starting it with a configuration"
serve simulator 10366 /_sim/settings "$build/partner_center_simulator" --web.listen-address=@ADDRESS@ --customers=5 --seed=1
simulator=$address
configure_for_simulator
start_exporter
check "it runs as its own user" runs_as_its_user
check "it shows licences of the simulated Partner Center" scrapes_fine
check "its health check passes" health_check_passes
check "it ends when told to" stop_exporter
check "the token it rotated is its own" is "$(facts "$state/demo.token")" "$name:$name 600"

make_upgrade >/dev/null
before=$(version)
token=$(<"$debian$state/demo.token")
step "Upgrading it" install_package "$work/next.deb" || exit 1
check "the binary is the new package's" is "$(version)" "$before"
check "its version is higher" is "$(installed_version)" "$(dpkg-deb --field "$package" Version)+next"
check "the configuration is as it was edited" says "$config" "$simulator"
check "the new one lies beside it" exists "$config.dpkg-dist"
check "the flags are as they were edited" says "/etc/default/$name" '# mine'
check "the token is as it was" is "$(<"$debian$state/demo.token")" "$token"
start_exporter
check "it shows licences again" scrapes_fine
check "it ends when told to" stop_exporter

step "Removing it" in_debian apt-get --yes --quiet remove "$name" || exit 1
check "the binary is gone" is_gone /usr/bin/partner_center_exporter
check "the unit is gone" is_gone "/usr/lib/systemd/system/$name.service"
check "the configuration stays" says "$config" "$simulator"
check "the token stays" exists "$state/demo.token"

step "Purging it" in_debian apt-get --yes --quiet purge "$name" || exit 1
check "the configuration is gone" is_gone "/etc/$name"
check "the state is gone" is_gone "$state"
check "nothing is left" leaves_nothing
say "All is as it should be, after $SECONDS s."
