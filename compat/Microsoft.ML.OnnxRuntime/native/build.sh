#!/usr/bin/env bash
# Takes ONNX Runtime's shared library out of its npm package into <root>/artifacts/native/libonnxruntime.so; does nothing when it is
# there in the locked version. The package's own script, which would download more, is not run.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../../.." && pwd)"
out="$root/artifacts/native"
place="$root/artifacts/native-build/OnnxRuntime"
library="$out/libonnxruntime.so"
case "$(uname -m)" in
  x86_64) machine=x64 ;;
  aarch64) machine=arm64 ;;
  *) echo "onnxruntime-node has no library for $(uname -m)" >&2; exit 1 ;;
esac
if [[ -f "$library" ]] && cmp -s "$here/package-lock.json" "$place/package-lock.json"; then exit 0; fi
command -v npm >/dev/null 2>&1 || { echo "npm is needed, which fetches onnxruntime-node" >&2; exit 1; }
rm -rf "$place"
mkdir -p "$place" "$out"
cp "$here/package.json" "$here/package-lock.json" "$place"
log="$place/npm.log"
if ! (cd "$place" && npm ci --ignore-scripts --no-audit --no-fund) >"$log" 2>&1 </dev/null; then
  cat "$log" >&2
  rm -f "$place/package-lock.json" # what did not succeed is not taken for done
  exit 1
fi
# Written beside and renamed: a program that runs keeps the file that it has.
cp "$place"/node_modules/onnxruntime-node/bin/napi-v*/linux/"$machine"/libonnxruntime.so.1 "$library.new"
mv "$library.new" "$library"
rm -rf "$place/node_modules"
