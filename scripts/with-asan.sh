#!/usr/bin/env bash
# with-asan.sh COMMAND…: runs a command in a private copy of this checkout whose addon is built with AddressSanitizer
# and UndefinedBehaviorSanitizer. A report of any process of it, however deep, is a failure. DETECT_LEAKS=1 looks for
# leaks as well: only for a command that ends by itself, because after process.exit() Node's own are listed.
set -euo pipefail
cd "$(dirname "$0")/.."

cmake --preset asan >/dev/null
cmake --build --preset asan --target boxlite_ffi boxlite
root=$PWD
copy=$(mktemp -d)
reports=$(mktemp -d)
trap 'rm -rf "$copy" "$reports"' EXIT

# The tests load the addon by the package's own path, and so do the workers and programs that they start.
git ls-files -co --exclude-standard | tar -c -T - | tar -x -C "$copy"
ln -s "$root/node_modules" "$copy/node_modules"
cp -r dist "$copy/dist"
mkdir -p "$copy/build/Release"
cp out/asan/boxlite_ffi.node "$copy/build/Release/boxlite_ffi.node"
mkdir -p "$copy/out/engine"
cp out/asan/libboxlite.so csrc/abi/boxlite.h "$copy/out/engine/"

cd "$copy"
status=0
LD_PRELOAD="$(g++ -print-file-name=libasan.so) $(g++ -print-file-name=libubsan.so)" \
  ASAN_OPTIONS="detect_leaks=${DETECT_LEAKS:-0}:quarantine_size_mb=16:log_path=$reports/asan:exitcode=99" \
  BOXLITE_TEST_ENGINE=built \
  UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1:log_path=$reports/ubsan" \
  "$@" || status=$?
for report in "$reports"/*; do
  [ -e "$report" ] || continue
  cat "$report"
  status=1
done
exit $status
