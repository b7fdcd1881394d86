# shellcheck shell=bash disable=SC2034
# What the project needs from Debian or Ubuntu, and how it gets there. Sourced after steps.sh; needs `root`.
#
# An entry names a package; `a|b` are two names of the same thing in different releases; `package=command` counts as
# present when the command is found, whoever installed it.

cmake_wanted=3.25
package_lists_are_fresh=  # yes: apt-get update has run or failed in this script

build_packages=(
  'g++=g++'
  'cmake=cmake'
  'ninja-build=ninja'
  'pkg-config=pkg-config'
  ca-certificates
  libcli11-dev
  libcrypt-dev
  'libcurl3-gnutls|libcurl3t64-gnutls'
  libcurl4-openssl-dev
  libfmt-dev
  libgmock-dev
  libgnutls28-dev
  libgtest-dev
  libjemalloc-dev
  libmicrohttpd-dev
  libspdlog-dev
  libsqlite3-dev
  libyaml-cpp-dev
  nlohmann-json3-dev
  prometheus-cpp-dev
  zlib1g-dev
)
# Not built for every processor; without it zlib compresses.
if [[ $(uname -m) == x86_64 || $(uname -m) == aarch64 ]]; then build_packages+=(libisal-dev); fi
tool_packages=('curl=curl')
test_packages=(
  libbenchmark-dev
  'openssl=openssl'
  'sslscan=sslscan'
  'nmap=nmap'
  'strace=strace'
  'chromium|chromium-browser=chromium'
  'bsdutils=script'
  'chromium-driver|chromium-chromedriver=chromedriver'
  'prometheus-alertmanager=prometheus-alertmanager'
  'prometheus-alertmanager=amtool'
  'python3=python3'
  python3-prometheus-client
  'dpkg-dev=dpkg-shlibdeps'
  'lintian=lintian'
  'man-db=man'
  'systemd=systemd-analyze'
)
# What tests/bench/run.sh compares the exporter with, beside prometheus-cpp.
bench_packages=(
  libbenchmark-dev
  'golang-go=go'
  golang-github-prometheus-client-golang-dev
  'python3=python3'
  python3-prometheus-client
)
prometheus_packages=('prometheus=prometheus' 'prometheus=promtool')

needed_by_hand() {
  cat <<TEXT
  tools      g++ 12 or newer, CMake $cmake_wanted or newer, Ninja, pkg-config, curl
  libraries  with their headers: prometheus-cpp (core), libcurl built with GnuTLS (libcurl-gnutls.so.4),
             libmicrohttpd 0.9.75 or newer, GnuTLS, libcrypt (libxcrypt), nlohmann_json, spdlog, fmt, yaml-cpp, CLI11,
             SQLite, zlib, ISA-L and jemalloc where there is one, GoogleTest with GoogleMock, Google Benchmark
  Prometheus prometheus and promtool, for the tests and for the whole demo
  Chromium   chromium and chromedriver, for the tests
  strace     for the tests
  openssl    for the tests; sslscan and nmap likewise
  Alertmanager prometheus-alertmanager and amtool, for the tests
  Debian's   dpkg-shlibdeps, lintian, man and systemd-analyze, for the tests
  Python     with prometheus_client (python3-prometheus-client), for the tests
  Go         with client_golang, for the benchmarks only
TEXT
}

# provide yes|no ENTRY…: yes installs what is missing, no takes what is there. Ends the script when it is not enough.
provide() {
  local may_install=$1 tool
  shift
  refuse_old_cmake
  if [[ $may_install == yes ]]; then install_missing "$@"; fi
  for tool in cmake ninja pkg-config curl; do
    command -v "$tool" >/dev/null || fail "$tool is not in PATH. Needed are:"$'\n'"$(needed_by_hand)"
  done
}

# A peer that cannot be had is left out of the comparison, which says so.
provide_peers() {
  local entry
  for entry in "${bench_packages[@]}"; do install_missing --optional "$entry" || true; done
}

# install_missing [--optional] ENTRY…: installs those that are not there; asks nobody and touches nothing when all are.
# A failure ends the script; with --optional it is said and returned instead.
install_missing() {
  local give_up=fail entry missing=() packages=() name
  if [[ $1 == --optional ]]; then
    give_up=decline
    shift
  fi
  for entry in "$@"; do
    if ! is_present "$entry"; then missing+=("$entry"); fi
  done
  if ((${#missing[@]} == 0)); then return 0; fi
  can_install "$give_up" "${missing[@]}" || return 1

  if [[ -z $package_lists_are_fresh ]]; then
    # A foreign source that fails is no reason to stop: what is known already may be enough.
    step_to_the_end "Fetching the package lists (apt-get update)" as_root update ||
      complain "    going on with the lists that are there"
    package_lists_are_fresh=yes
  fi
  for entry in "${missing[@]}"; do
    if ! name=$(known_name "$entry"); then
      "$give_up" "No package source of this machine has ${entry%%=*} ($(os_title))." \
        "On Ubuntu it may be in \"universe\": see /etc/apt/sources.list and /etc/apt/sources.list.d."
      return 1
    fi
    if [[ " ${packages[*]} " != *" $name "* ]]; then packages+=("$name"); fi
  done
  can_be_used "$give_up" "${packages[@]}" || return 1
  if ! step_to_the_end "Installing ${packages[*]}" as_root install "${packages[@]}"; then
    "$give_up" "The packages above could not be installed."
    return 1
  fi
  hash -r
  if [[ " ${packages[*]} " == *' prometheus '* ]]; then
    say "    The service that comes with it was neither started nor enabled: systemctl enable --now prometheus does both."
  fi
}

# What apt would do and we should not: install a CMake that cannot read our presets, or trade one library for another.
can_be_used() {
  local give_up=$1 version
  shift
  if [[ " $* " == *' cmake '* ]]; then
    version=$(candidate_of cmake)
    if ! at_least "$cmake_wanted" "$version"; then
      "$give_up" "$(too_old_cmake "$version, which is what $(os_title) offers,")"
      return 1
    fi
  fi
  if [[ " $* " == *' libcurl4-openssl-dev '* ]] && is_installed libcurl4-gnutls-dev; then
    "$give_up" "libcurl4-gnutls-dev is installed and excludes libcurl4-openssl-dev, which prometheus-cpp-dev needs." \
      "Nothing was changed. Remove it (apt-get remove libcurl4-gnutls-dev) and run this again."
    return 1
  fi
}

decline() {
  complain "$@"
  return 1
}

# Is there a way to install the missing ENTRIES at all? Says what to do when there is none.
can_install() {
  local give_up=$1 entry packages=() by_hand
  shift
  if ! is_debian_like; then
    complain "This machine is $(os_title), neither Debian nor Ubuntu, so nothing is installed for you. Needed are:"
    needed_by_hand >&2
    "$give_up" "When they are there, run this again with --no-install."
    return 1
  fi
  if ((EUID == 0)); then return 0; fi
  for entry in "$@"; do
    entry=${entry%%=*}
    packages+=("${entry%%|*}")
  done
  by_hand="As root: apt-get update && apt-get install --no-install-recommends ${packages[*]}"
  if ! command -v sudo >/dev/null; then
    "$give_up" "Packages are missing, and installing them takes root or sudo; here is neither."$'\n'"$by_hand"
    return 1
  fi
  if ! sudo -n true 2>/dev/null; then
    if ! { : </dev/tty; } 2>/dev/null; then
      "$give_up" "Packages are missing, sudo wants a password, and there is no terminal to ask for it."$'\n'"$by_hand"
      return 1
    fi
    say "Packages are missing, and sudo needs your password to install them."
    if ! sudo -v; then
      "$give_up" "$by_hand"
      return 1
    fi
  fi
}

as_root() {
  local command=(bash "$root/deploy/lib/apt_as_root.sh" "$@")
  if ((EUID == 0)); then
    "${command[@]}"
  else
    sudo "${command[@]}"
  fi
}

is_present() {
  local entry=$1 name
  if [[ $entry == *=* ]]; then
    command -v "${entry#*=}" >/dev/null
    return
  fi
  while read -r name; do
    if is_installed "$name"; then return 0; fi
  done <<<"${entry//|/$'\n'}"
  return 1
}

is_installed() {
  [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Prints the first of an entry's names that apt can install.
known_name() {
  local name
  while read -r name; do
    if [[ -n $(candidate_of "$name") ]]; then
      printf '%s' "$name"
      return 0
    fi
  done < <(tr '|' '\n' <<<"${1%%=*}")
  return 1
}

candidate_of() {
  LC_ALL=C apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p' | sed '/^(none)$/d; s/^[0-9]*://'
}

at_least() { printf '%s\n%s\n' "$1" "$2" | sort --version-sort --check=quiet; }

too_old_cmake() {
  printf 'CMake %s is too old: the presets need %s or newer. Debian 12 and Ubuntu 24.04 have it; elsewhere %s' \
    "$1" "$cmake_wanted" "put a newer cmake first in PATH (cmake.org offers binaries) and run this again."
}

# Whatever cmake is first in PATH, which need not be the package's.
refuse_old_cmake() {
  local version
  if ! command -v cmake >/dev/null; then return 0; fi
  version=$(cmake --version | sed -n 's/^cmake version //p')
  at_least "$cmake_wanted" "$version" || fail "$(too_old_cmake "$version ($(command -v cmake))")"
}

is_debian_like() {
  local word
  command -v apt-get >/dev/null && command -v dpkg-query >/dev/null || return 1
  for word in $(os_release ID) $(os_release ID_LIKE); do
    if [[ $word == debian || $word == ubuntu ]]; then return 0; fi
  done
  return 1
}

os_title() {
  local title
  title=$(os_release PRETTY_NAME)
  printf '%s' "${title:-of an unknown kind}"
}

# The file is made to be sourced; a subshell keeps its other variables out.
os_release() (
  set +eu
  # shellcheck source=/dev/null
  . /etc/os-release 2>/dev/null || . /usr/lib/os-release 2>/dev/null
  printf '%s' "${!1}"
)
