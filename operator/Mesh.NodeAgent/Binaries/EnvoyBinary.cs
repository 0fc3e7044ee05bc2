// SPDX-License-Identifier: Apache-2.0
namespace Mesh.NodeAgent.Binaries;

/// <summary>An Envoy that can be started.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="FoundBy">Where it was found, in words: "ENVOY_BIN", "PATH".</param>
/// <param name="Version">What <c>envoy --version</c> says.</param>
public sealed record EnvoyBinary(string Path, string FoundBy, Version Version)
{
    /// <summary>What is to be said about its version, or null when it is the pinned one.</summary>
    public string? Warning =>
        Version == EnvoyRelease.Pinned
            ? null
            : Version < EnvoyRelease.Oldest
                ? $"Envoy {Version} at {Path} is older than {EnvoyRelease.Oldest}: parts of the data plane will be refused; use {EnvoyRelease.Pinned}."
                : $"Envoy {Version} at {Path} is not the tested version {EnvoyRelease.Pinned}.";
}
