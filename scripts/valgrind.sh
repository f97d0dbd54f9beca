#!/usr/bin/env bash
# The C++ tests under memcheck, leaks included. The last line is "N passed, N failed".
# Left out: Stress, which is many seconds long natively and which the sanitizers run; the two of Bridge that push tens
# of megabytes; and what expects a start to fail or looks for processes, because valgrind 3.19 makes a fork of
# clone(CLONE_VM | CLONE_VFORK), so that the parent never sees the errno that the child leaves in shared memory, and knows
# no clone that shares descriptors, so that the slots for these are not used.
set -euo pipefail
cd "$(dirname "$0")/.."

left_out=('Stress.*' 'Bridge.PausesTheSource*' 'Bridge.SpillsWhat*' 'Bridge.ExecFailures*' 'EngineProcess.*'
  EngineExecutions.ACommandIsChecked 'EngineExtensions.APostedExec*' SimpleTest.RefusesWhatIsWrong 'StdioSlots.*')

cmake --preset debug >/dev/null
cmake --build --preset debug --target bx_tests
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
# Children are not followed: they are shells and coreutils, not ours.
timeout "${VALGRIND_TIMEOUT:-600}" valgrind --quiet --error-exitcode=99 --leak-check=full \
  --errors-for-leak-kinds=definite --trace-children=no --child-silent-after-fork=yes --fair-sched=yes \
  out/debug/bx_tests --gtest_filter="${1:-*:-$(IFS=:; echo "${left_out[*]}")}" 2>&1 |
  tee "$log" || status=$?
passed=$(grep -c '^\[       OK \]' "$log" || true)
failed=$(grep -c '^\[  FAILED  \] [A-Za-z]*\.[A-Za-z]* (' "$log" || true)
[ "$status" = 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "$passed passed, $failed failed"
[ "$status" = 0 ]
