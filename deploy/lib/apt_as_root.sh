#!/usr/bin/env bash
# The part of an installation that needs root:
#   apt_as_root.sh update              fetches the package lists
#   apt_as_root.sh install PACKAGE…    installs, removes nothing, starts no Prometheus service
set -euo pipefail

export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a LC_ALL=C.UTF-8
apt=(apt-get --yes -o DPkg::Lock::Timeout=300)
policy=/usr/sbin/policy-rc.d
mark='Put here by partner_center_exporter for the length of one installation; delete it if you find it later.'

update() {
  local said deadline=$((SECONDS + 300))
  # The lock of the lists is one for which apt itself does not wait.
  until said=$("${apt[@]}" update 2>&1); do
    printf '%s\n' "$said"
    if [[ $said != *'Could not get lock'* ]] || ((SECONDS > deadline)); then return 1; fi
    printf 'another apt is at work; trying again\n'
    sleep 3
  done
  printf '%s\n' "$said"
}

# Debian starts and enables a service as it installs it. The demo wants the program only, so for the length of the
# installation the usual hook (policy-rc.d) says no for this one service. A hook that is there already stays.
forbid_prometheus_service() {
  if grep -qsF "$mark" "$policy"; then rm -f "$policy"; fi
  if [[ -e $policy || -L $policy ]]; then return 0; fi
  trap 'rm -f "$policy"' EXIT
  cat >"$policy" <<POLICY
#!/bin/sh
# $mark
for word; do
  case \$word in prometheus | prometheus.service) exit 101 ;; esac
done
exit 0
POLICY
  chmod 755 "$policy"
}

disable_prometheus_service() {
  if [[ -d /run/systemd/system ]]; then
    systemctl disable --now prometheus.service
  elif command -v systemctl >/dev/null; then
    systemctl disable prometheus.service
  else
    update-rc.d prometheus disable
  fi
}

is_installed() {
  [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

install_packages() {
  local had_prometheus=no status=0
  if is_installed prometheus; then had_prometheus=yes; fi
  if [[ $had_prometheus == no ]]; then forbid_prometheus_service; fi
  "${apt[@]}" install --no-install-recommends --no-remove "$@" || status=$?
  if [[ $had_prometheus == no ]] && is_installed prometheus; then
    disable_prometheus_service || printf 'prometheus.service could not be disabled\n'
  fi
  return "$status"
}

trap 'exit 130' INT
trap 'exit 143' TERM
case ${1-} in
  update) update ;;
  install)
    shift
    install_packages "$@"
    ;;
  *)
    printf 'usage: apt_as_root.sh update | install PACKAGE...\n' >&2
    exit 2
    ;;
esac
