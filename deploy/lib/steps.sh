# shellcheck shell=bash
# What the scripts say, and how they run something that takes a while. Sourced.
#
# open_work_folder comes first; it sets `work`, the temporary folder that is removed however the script ends.

step_pid=          # the command of the step under way, while it runs in the background
ticker_pid=        # what shows the progress of that step
interrupted_status=  # set it to the status an interrupted script ends with; empty: 128 + signal, as usual

say() { printf '%s\n' "$*"; }
complain() { printf '%s\n' "$*" >&2; }
fail() {
  complain "$@"
  exit 1
}

open_work_folder() {
  work=$(mktemp -d "${TMPDIR:-/tmp}/partner-center-$1.XXXXXX")
  mkdir "$work/logs"
  trap close_work_folder EXIT
  trap 'interrupted 129' HUP
  trap 'interrupted 130' INT
  trap 'interrupted 141' PIPE
  trap 'interrupted 143' TERM
}

# Everything here was started by this script and is ended by its process id.
close_work_folder() {
  local pid
  trap '' HUP INT PIPE TERM
  for pid in "$ticker_pid" "$step_pid"; do
    if [[ -n $pid ]]; then
      kill "$pid" 2>/dev/null || true
      wait "$pid" 2>/dev/null || true
    fi
  done
  if declare -F stop_children >/dev/null; then stop_children; fi
  rm -rf -- "$work"
}

interrupted() {
  exit "${interrupted_status:-$1}"
}

# step TITLE COMMAND…: runs COMMAND quietly, shows that it moves, and shows what it said when it fails.
# Returns COMMAND's status. COMMAND is ended when the script is interrupted.
step() { run_step background "$@"; }

# The same for a command that must not be cut off half-way and may need the terminal: sudo, apt.
step_to_the_end() { run_step foreground "$@"; }

run_step() {
  local how=$1 title=$2 log status=0 began=$SECONDS
  shift 2
  log=$(mktemp "$work/logs/step.XXXXXX")
  say "==> $title"
  show_progress "$log" &
  ticker_pid=$!
  if [[ $how == foreground ]]; then
    "$@" </dev/null >>"$log" 2>&1 || status=$?
  else
    "$@" </dev/null >>"$log" 2>&1 &
    step_pid=$!
    wait "$step_pid" || status=$?
    step_pid=
  fi
  kill "$ticker_pid" 2>/dev/null || true
  wait "$ticker_pid" 2>/dev/null || true
  ticker_pid=
  if [[ -t 1 ]]; then printf '\r\033[K'; fi
  if ((status == 0)); then
    say "    done, $((SECONDS - began)) s"
  else
    complain "    failed with status $status after $((SECONDS - began)) s:"
    tail -n 200 "$log" >&2
  fi
  return "$status"
}

# Shows the last line of a growing log: in place on a terminal, now and then elsewhere.
show_progress() {
  local log=$1 line said='' began=$SECONDS
  trap - EXIT HUP INT PIPE TERM
  # Ends with the script even when that was killed outright.
  while sleep 0.5 && kill -0 $$ 2>/dev/null; do
    if [[ ! -s $log ]]; then continue; fi  # sudo may be asking for a password
    line=$(tail -n 1 "$log" | tr -d '\r')
    line="    ${line:0:72}"
    if [[ -t 1 ]]; then
      printf '\r\033[K%s' "$line"
    elif ((SECONDS - began >= 15)) && [[ $line != "$said" ]]; then
      printf '%s\n' "$line"
      said=$line
      began=$SECONDS
    fi
  done
}
