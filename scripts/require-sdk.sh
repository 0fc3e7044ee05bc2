#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Says what is missing, and the one line that installs it.
set -u
want=10.0
if ! command -v dotnet >/dev/null; then
  problem="there is no dotnet on PATH"
elif ! dotnet --list-sdks 2>/dev/null | grep -q "^${want//./\\.}\\."; then
  problem="dotnet on PATH has no SDK $want (it has: $(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | tr '\n' ' '))"
elif ! version=$(dotnet --version 2>&1); then
  problem="no installed SDK satisfies global.json: $(printf '%s' "$version" | head -n 1)"
else
  exit 0
fi
cat >&2 <<TEXT
The .NET SDK $want is needed: $problem. One line installs it:
  curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel $want && export PATH="\$HOME/.dotnet:\$PATH"
or, where the distribution has it:
  sudo apt-get install -y dotnet-sdk-$want
TEXT
exit 1
