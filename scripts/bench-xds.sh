#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# bench-xds.sh [OPTION...]: with options, serves a made-up mesh in the foreground (mesh-xdsbench says which there are); without, compares
# our server with others by the harness that XDS_BENCH names, and writes the table to artifacts/bench-xds/table.md.
# Sizes and runs: SIZES, MODES, RUNS, SERVERS, as the harness knows them.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/quiet.sh build-bench.log dotnet build test/Mesh.XdsBench -c Release
server=$PWD/artifacts/bin/Mesh.XdsBench/release/mesh-xdsbench.dll
if [ $# -gt 0 ]; then
  exec dotnet "$server" "$@"
fi
if [ ! -x "${XDS_BENCH:-}/run.sh" ]; then
  echo 'XDS_BENCH names no folder with run.sh in it: it must name the harness. To serve only: make bench-xds SERVE="--services 30"' >&2
  exit 2
fi
export ours_CMD="dotnet $server --services {S} --endpoints {E} --nodes {N} --listen 127.0.0.1:{PORT} --admin 127.0.0.1:{ADMIN}"
export ours_TRIGGER='http://127.0.0.1:{ADMIN}/endpoint?service={i}'
export SERVERS=${SERVERS:-gcp gcplinear ours floor}
export RUNS=${RUNS:-3}
export OUT=${OUT:-$PWD/artifacts/bench-xds}
# The largest size takes go-control-plane minutes a run; a hang must not take the day.
timeout "${LIMIT:-3h}" "$XDS_BENCH/run.sh"
echo "the table is in $OUT/table.md"
