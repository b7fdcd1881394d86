# shellcheck shell=bash
# Configures and builds a preset. Sourced after steps.sh; the working directory is the root of the project.

# configure PRESET [CMAKE-ARGUMENT…]
configure() {
  local preset=$1 folder="build/$1" fresh=() home
  shift
  if [[ -e $folder && ! -w $folder ]]; then
    fail "$PWD/$folder belongs to $(stat -c %U "$folder"): remove it, or run this as that user."
  fi
  # CMake refuses a cache that was made where the project used to be.
  home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$folder/CMakeCache.txt" 2>/dev/null || true)
  if [[ -n $home && ! $home -ef . ]]; then fresh=(--fresh); fi
  step "Configuring (cmake --preset $preset)" cmake --preset "$preset" "${fresh[@]}" "$@"
}

# build PRESET [TARGET…]: the same as cmake --build --preset, but ninja ends its compilers when it is told to stop.
build() {
  local preset=$1 jobs
  shift
  jobs=$(job_count "$preset")
  step "Building $preset${1:+: $*} ($jobs at a time)" in_build_environment "$preset" ninja -C "build/$preset" -j "$jobs" "$@"
}

# As many compilers as there are cores, but no more than fit into memory.
job_count() {
  local cores each_mib=1000 free_mib fit
  cores=$(nproc)
  if is_sanitizer "$1"; then each_mib=1800; fi
  free_mib=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo 2>/dev/null || true)
  if [[ -n $free_mib ]]; then
    fit=$((free_mib / each_mib))
    if ((fit < 1)); then fit=1; fi
    if ((fit < cores)); then cores=$fit; fi
  fi
  printf '%s' "$cores"
}

is_sanitizer() { [[ $1 == asan || $1 == tsan ]]; }

# Newer kernels place memory where the sanitizers of g++ 12 and 13 do not expect it, and the program ends before main.
# Without address randomisation they run anywhere; where a container forbids that switch we go without.
in_build_environment() {
  local preset=$1
  shift
  if is_sanitizer "$preset" && setarch "$(uname -m)" --addr-no-randomize true 2>/dev/null; then
    exec setarch "$(uname -m)" --addr-no-randomize "$@"
  fi
  exec "$@"
}
