# shellcheck shell=bash disable=SC2154
# Children that run until the script ends: started, watched and ended by their process ids. Sourced after steps.sh.

declare -A child_pid=()
child_names=()
starting=  # the one whose end is not yet a reason to give up

log_of() { printf '%s/logs/%s.log' "$work" "$1"; }

# start_child NAME COMMAND…
start_child() {
  local name=$1 with_us=()
  shift
  # Should this script be killed outright, its children get a SIGTERM from the kernel.
  if command -v setpriv >/dev/null; then with_us=(setpriv --pdeathsig TERM --); fi
  : >"$(log_of "$name")"
  "${with_us[@]}" "$@" </dev/null >"$(log_of "$name")" 2>&1 &
  child_pid[$name]=$!
  child_names+=("$name")
}

is_running() {
  local pid
  for pid in $(jobs -pr); do
    if [[ $pid == "${child_pid[$1]}" ]]; then return 0; fi
  done
  return 1
}

forget_child() {
  local name kept=()
  for name in "${child_names[@]}"; do
    if [[ $name != "$1" ]]; then kept+=("$name"); fi
  done
  child_names=("${kept[@]}")
}

# Fails, with its last words, as soon as one of them has ended.
check_children() {
  local name status
  for name in "${child_names[@]}"; do
    if [[ $name != "$starting" ]] && ! is_running "$name"; then
      status=0
      wait "${child_pid[$name]}" || status=$?
      complain "$name ended unexpectedly with status $status. Its log:"
      tail -n 60 "$(log_of "$name")" >&2
      exit 1
    fi
  done
}

show_logs() {
  local name
  for name in "${child_names[@]}"; do
    complain "--- the last lines of the log of $name"
    tail -n 40 "$(log_of "$name")" >&2
  done
}

stop_children() {
  local name deadline
  for name in "${child_names[@]}"; do
    if is_running "$name"; then kill -TERM "${child_pid[$name]}" 2>/dev/null || true; fi
  done
  deadline=$((SECONDS + 10))
  for name in "${child_names[@]}"; do
    while is_running "$name" && ((SECONDS < deadline)); do sleep 0.05; done
    if is_running "$name"; then
      complain "$name did not end when asked to; killing it (process ${child_pid[$name]})."
      kill -KILL "${child_pid[$name]}" 2>/dev/null || true
    fi
    wait "${child_pid[$name]}" 2>/dev/null || true
  done
  child_names=()
}

# wait_for SECONDS CONDITION…: polls CONDITION; 1 when the time is over. A child that dies meanwhile ends the script.
wait_for() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    check_children
    if ((SECONDS >= deadline)); then return 1; fi
    sleep 0.2
  done
}

# Loopback only, so a proxy in the environment must not see it.
fetch() { curl --silent --show-error --max-time 5 --noproxy '*' "$@"; }

# serve NAME PORT PATH COMMAND…: starts COMMAND with every @ADDRESS@ replaced by a loopback address, on PORT if that is
# free, and waits until it answers PATH there. Sets `address`.
serve() {
  local name=$1 port=$2 path=$3 try
  shift 3
  for try in 1 2 3 4 5; do
    if ((try > 1)) || ! port_is_free "$port"; then port=$(free_port); fi
    address=127.0.0.1:$port
    start_child "$name" "${@//@ADDRESS@/$address}"
    starting=$name
    wait_for 30 listens_or_ended "$name" "$address" "$path" || break
    starting=
    if is_running "$name"; then return 0; fi
    if ! grep -qi 'in use' "$(log_of "$name")"; then check_children; fi
    forget_child "$name"
  done
  complain "$name does not answer http://$address$path. Its log:"
  tail -n 60 "$(log_of "$name")" >&2
  exit 1
}

# The line in its own log tells our process from a foreign one that answers on the same port.
listens_or_ended() {
  if ! is_running "$1"; then return 0; fi
  grep -q 'Listening on' "$(log_of "$1")" && answers "http://$2$3"
}

# Any answer but "not yet" (5xx) will do.
answers() {
  local code
  code=$(fetch --output /dev/null --write-out '%{http_code}' "$1" 2>/dev/null) && [[ $code == [234]?? ]]
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Below the range from which the kernel hands out ports of its own.
free_port() {
  local port
  while true; do
    port=$((20000 + RANDOM % 12000))
    if port_is_free "$port"; then
      printf '%s' "$port"
      return 0
    fi
  done
}
