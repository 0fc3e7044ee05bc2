// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.Benchmarks.Cluster;

/// <summary>The service account that the operator runs as, with the very role that is deployed.</summary>
internal static class OperatorAccount
{
    public const string User = "system:serviceaccount:mesh-system:mesh-operator";

    /// <summary>Applies namespace and role, and writes a kubeconfig of the account.</summary>
    public static async Task<string> CreateAsync(TestApiServer server)
    {
        await server.KubectlAsync("apply", "--server-side", "-f", Repository.File("config", "base", "namespace.yaml"));
        await server.KubectlAsync("apply", "--server-side", "--namespace", "mesh-system", "-k", Repository.File("config", "rbac"));
        return await server.WriteAccountKubeconfigAsync("mesh-operator", "mesh-system", "24h");
    }
}
