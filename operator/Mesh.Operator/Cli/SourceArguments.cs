// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Kubernetes;

namespace Mesh.Operator.Cli;

/// <summary>Where <c>mesh-operator run</c> is told to read the mesh from: a folder or a cluster.</summary>
internal sealed record SourceArguments
{
    public required DirectoryInfo? Directory { get; init; }

    public required bool IsKubernetes { get; init; }

    public required FileInfo? Kubeconfig { get; init; }

    /// <summary>What is wrong with them, or null.</summary>
    public string? Problem() => (Directory, IsKubernetes) switch
    {
        (null, false) => "nothing to serve: give --dir FOLDER for a folder of YAML (config/samples/first-light say), or --kubernetes for a cluster",
        ({ } folder, true) => $"--dir {folder} and --kubernetes: a mesh is read from a folder or from a cluster; leave one of them out",
        ({ Exists: false } folder, false) => $"--dir {folder}: there is no such folder; give one that holds the mesh's YAML, config/samples/first-light say",
        (not null, false) when Kubeconfig is not null => "--kubeconfig: a folder needs no cluster; give --kubernetes in place of --dir",
        (not null, false) => null,
        (null, true) when Kubeconfig is { Exists: false } file => $"--kubeconfig {file}: there is no such file",
        (null, true) => null,
    };

    /// <summary>The cluster; null where a folder is served.</summary>
    public KubernetesOptions? Kubernetes() => IsKubernetes ? new KubernetesOptions { Kubeconfig = Kubeconfig?.FullName } : null;
}
