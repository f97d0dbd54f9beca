#!/usr/bin/env bash
# clang-format and clang-tidy over all C++ of the project; configures the debug preset if it must.
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t files < <(git ls-files -co --exclude-standard 'csrc/*.h' 'csrc/*.cc' 'test/native/*.h' 'test/native/*.cc' 'test/native/*.c' 'test/fuzz/*.h' 'test/fuzz/*.cc' 'test/stress/programs/*.c')
clang-format --dry-run -Werror "${files[@]}"
[ -f out/debug/compile_commands.json ] || cmake --preset debug >/dev/null
mapfile -t sources < <(git ls-files -co --exclude-standard 'csrc/*.cc')
printf '%s\n' "${sources[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy --quiet -p out/debug 2>/dev/null
