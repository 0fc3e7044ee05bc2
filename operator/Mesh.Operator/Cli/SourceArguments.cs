// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Operator.Admission;
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Replicas;

namespace Mesh.Operator.Cli;

/// <summary>Where <c>mesh-operator run</c> is told to read the mesh from: a folder or a cluster.</summary>
internal sealed record SourceArguments
{
    public required DirectoryInfo? Directory { get; init; }

    public required bool IsKubernetes { get; init; }

    public required FileInfo? Kubeconfig { get; init; }

    public required string? Namespace { get; init; }

    public required string? Admission { get; init; }

    /// <summary>What is wrong with them, or null.</summary>
    public string? Problem() => (Directory, IsKubernetes) switch
    {
        (null, false) => "nothing to serve: give --dir FOLDER for a folder of YAML (config/samples/first-light say), or --kubernetes for a cluster",
        ({ } folder, true) => $"--dir {folder} and --kubernetes: a mesh is read from a folder or from a cluster; leave one of them out",
        ({ Exists: false } folder, false) => $"--dir {folder}: there is no such folder; give one that holds the mesh's YAML, config/samples/first-light say",
        (not null, false) when Kubeconfig is not null => "--kubeconfig: a folder needs no cluster; give --kubernetes in place of --dir",
        (not null, false) when Namespace is not null => "--namespace: a folder needs no cluster; give --kubernetes in place of --dir",
        (not null, false) when Admission is not null => "--admission: only an API server asks for it; give --kubernetes in place of --dir",
        (not null, false) => null,
        (null, true) when Kubeconfig is { Exists: false } file => $"--kubeconfig {file}: there is no such file",
        (null, true) when Admission is not null && !IPEndPoint.TryParse(Admission, out _) =>
            $"--admission {Admission}: not an address with a port; 0.0.0.0:9443 would be one",
        (null, true) => null,
    };

    /// <summary>The cluster; null where a folder is served.</summary>
    /// <param name="environment">Value of an environment variable: a Deployment names its pod and namespace by them.</param>
    /// <param name="listen">Where xDS is served, for other replicas too.</param>
    public KubernetesOptions? Kubernetes(Func<string, string?> environment, string? listen = null)
    {
        if (!IsKubernetes)
        {
            return null;
        }

        // Outside a pod several operators may run on one machine.
        var identity = environment("POD_NAME") is { Length: > 0 } pod ? pod : $"{Environment.MachineName}-{Environment.ProcessId}";
        var options = new KubernetesOptions { Kubeconfig = Kubeconfig?.FullName, Identity = identity, Address = ReplicaAddress.Of(listen, environment("POD_IP")) };
        return (Namespace ?? environment("POD_NAMESPACE")) is { Length: > 0 } own ? options with { Namespace = own } : options;
    }

    /// <summary>Where admission is served; null where it is not.</summary>
    public AdmissionOptions? AdmissionIn(KubernetesOptions? cluster) => cluster is null || Admission is null
        ? null
        : new AdmissionOptions { Listen = IPEndPoint.Parse(Admission), Namespace = cluster.Namespace };
}
