#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs every test project (or those in PROJECTS) and sums them up; the last line is "N passed, N failed, N skipped".
# A project that crashes before it reports counts as one failure. FILTER is handed to dotnet test.
set -u
cd "$(dirname "$0")/.." || exit 2
config=${CONFIG:-Debug}
projects=${PROJECTS:-$(grep -l '<IsTestProject>true</IsTestProject>' test/*/*.csproj | xargs -n 1 dirname | sort)}
results=artifacts/test-results
rm -rf "$results"
mkdir -p "$results"
passed=0 failed=0 skipped=0

attribute() { # attribute FILE NAME: the first <Counters> attribute of that name, 0 without one
  local value
  value=$(grep -o '<Counters [^>]*>' "$1" | head -n 1 | grep -o " $2=\"[0-9]*\"" | grep -o '[0-9]*')
  echo "${value:-0}"
}

for project in $projects; do
  name=$(basename "$project")
  trx=$results/$name.trx
  echo "== $name"
  dotnet test "$project" -c "$config" --no-build ${FILTER:+--filter "$FILTER"} --results-directory "$results" \
    --logger "trx;LogFileName=$name.trx" --logger 'console;verbosity=normal' >"$results/$name.log" 2>&1
  rc=$?
  if [ -f "$trx" ]; then
    total=$(attribute "$trx" total)
    executed_failed=$(($(attribute "$trx" failed) + $(attribute "$trx" error) + $(attribute "$trx" timeout) + $(attribute "$trx" aborted)))
    ok=$(attribute "$trx" passed)
    passed=$((passed + ok))
    failed=$((failed + executed_failed))
    skipped=$((skipped + total - ok - executed_failed))
    echo "   $ok passed, $executed_failed failed, $((total - ok - executed_failed)) skipped"
    if [ "$rc" != 0 ] && [ "$executed_failed" = 0 ]; then
      echo "   $name ended with exit code $rc although no test failed: counted as one failure"
      failed=$((failed + 1))
      tail -n 20 "$results/$name.log"
    fi
  else
    echo "   $name gave no results (exit code $rc): counted as one failure"
    failed=$((failed + 1))
    tail -n 20 "$results/$name.log"
  fi
  # Failures with their messages and places, skipped tests by reason.
  grep -E -A 14 '^ +Failed ' "$results/$name.log" | sed 's/^/   /'
  [ -f "$trx" ] && awk '
    /<UnitTestResult / { isSkipped = /outcome="NotExecuted"/ }
    isSkipped && /<Message>/ { sub(/.*<Message>/, ""); sub(/<\/Message>.*/, ""); gsub(/(OneTimeSetUp|SetUp) ?: */, ""); reasons[$0]++; isSkipped = 0 }
    END { for (reason in reasons) print "   skipped " reasons[reason] ": " reason }' "$trx"
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$((passed + skipped))" -gt 0 ]
