#!/usr/bin/env bash
# Builds libTorchSharpCompat.so into <root>/artifacts/native; does nothing when it is newer than its sources.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../../.." && pwd)"
build="$root/artifacts/native-build/TorchSharp"
out="$root/artifacts/native"
# What cmake remembers holds for the folder it was made in; a checkout that was moved begins anew.
if [[ -f "$build/CMakeCache.txt" ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$here" "$build/CMakeCache.txt"; then rm -rf "$build"; fi
mkdir -p "$build" "$out"
generator=()
if [[ ! -f "$build/CMakeCache.txt" ]] && command -v ninja >/dev/null; then generator=(-G Ninja); fi
cmake -S "$here" -B "$build" "${generator[@]}" -DCMAKE_LIBRARY_OUTPUT_DIRECTORY="$out" >"$build/configure.log" 2>&1 \
  || { cat "$build/configure.log" >&2; exit 1; }
cmake --build "$build" -j "$(nproc)" >"$build/build.log" 2>&1 || { cat "$build/build.log" >&2; exit 1; }
