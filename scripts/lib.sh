# Functions of every script: the project's folder, the Rust toolchain and messages. Sourced, never
# run.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

WASM_TARGET=wasm32-unknown-unknown

# The cargo tools of the tests, which `scripts/bootstrap test` installs.
TOOLS=$ROOT/target/tools
export PATH="$PATH:$TOOLS/bin"

# A clean build gains nothing from incremental data, which takes gigabytes and time.
if [ -n "${CI:-}" ]; then
  export CARGO_INCREMENTAL=0
fi

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
warn() { printf '\033[33m==> %s\033[0m\n' "$*" >&2; }
die() {
  printf '\033[31m==> %s\033[0m\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command with a heading, and prints its time.
step() {
  local title=$1 begin=$SECONDS
  shift
  say "$title"
  "$@"
  say "$title: $((SECONDS - begin)) s"
}

# Whether the compiler $1 has a standard library for WebAssembly.
has_wasm() {
  local lib
  lib=$("$1" --print sysroot 2>/dev/null)/lib/rustlib/$WASM_TARGET/lib
  compgen -G "$lib/libstd-*.rlib" >/dev/null
}

# One toolchain for everything: rustup's if it can build WebAssembly, else the distribution's. Two
# compilers would rebuild each other's output in one target folder.
use_toolchain() {
  if have rustup && have rustc && has_wasm rustc; then
    return 0
  fi
  if [ -x /usr/bin/rustc ] && has_wasm /usr/bin/rustc; then
    export PATH="/usr/bin:$PATH" RUSTC=/usr/bin/rustc
    local linker
    for linker in wasm-ld-22 wasm-ld; do
      if have "$linker"; then
        export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="$linker"
        return 0
      fi
    done
  fi
  if have rustc && has_wasm rustc; then
    return 0
  fi
  return 1
}

# A Chromium for the browser tests: `CHROMIUM` or an installed one; empty if there is none.
find_chromium() {
  local name
  if [ -n "${CHROMIUM:-}" ]; then
    printf '%s' "$CHROMIUM"
    return
  fi
  for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
    if have "$name"; then
      command -v "$name"
      return
    fi
  done
}

# The tests that need strace, which runs only on Linux and may be forbidden in a container.
TRACED=torture::power
NOT_TRACED='not tested what a power cut leaves: strace is missing or may not trace'
can_trace() { strace -qq -o /dev/null true 2>/dev/null; }

# The first program for containers that works here.
container_engine() {
  local name
  for name in podman docker buildah; do
    if have "$name" && "$name" info >/dev/null 2>&1; then
      printf '%s' "$name"
      return
    fi
  done
  return 1
}

# The output folder of cargo, relative to the project's folder by default.
target_dir() { printf '%s' "${CARGO_TARGET_DIR:-target}"; }

# Builds the site that the binary embeds, unless it is up to date.
build_site() {
  step 'The site (about 3 minutes the first time)' cargo run --quiet -p xtask -- site --release
}

build_binary() {
  step 'The binary (about 10 minutes the first time)' cargo build --quiet --release -p reelroom
}

# Sets the administrator of a trial server. The password is created once and stored in the data
# folder $1, readable by its owner only.
admin_in() {
  local file=$1/admin-password
  mkdir -p "$1"
  if [ ! -s "$file" ]; then
    (umask 077 && head -c 12 /dev/urandom | base64 | tr '+/' '-_' >"$file")
  fi
  export REELROOM_ADMIN_USER=admin REELROOM_ADMIN_PASSWORD
  REELROOM_ADMIN_PASSWORD=$(<"$file")
}
