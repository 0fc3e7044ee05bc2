#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# quiet.sh LOG COMMAND...: runs a command, its output into artifacts/LOG; shows what matters of it only when it fails.
set -u
mkdir -p artifacts
log=artifacts/$1
shift
echo "building ($* ; log: $log)"
begin=$SECONDS
"$@" >"$log" 2>&1
rc=$?
if [ "$rc" -eq 0 ]; then
  echo "built in $((SECONDS - begin)) s"
  exit 0
fi
grep -E '(error|warning) ' "$log" | sort -u | head -n 40 >&2 || true
grep -qE '(error|warning) ' "$log" || tail -n 40 "$log" >&2
if grep -q 'NU1301\|NU1101' "$log"; then
  echo "NuGet packages could not be fetched: the first build needs the network (or a NuGet source that has them)." >&2
fi
echo "the build failed; all of it is in $log" >&2
exit $rc
