// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using k8s;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.Benchmarks.Cluster;

/// <summary>The service account that the operator runs as, with the very role that is deployed.</summary>
internal static class OperatorAccount
{
    public const string User = "system:serviceaccount:mesh-system:mesh-operator";

    private const int Lifetime = 86_400;

    /// <summary>Applies namespace and role, and writes a kubeconfig of the account beside the admin's.</summary>
    public static async Task<string> CreateAsync(TestApiServer server)
    {
        await server.KubectlAsync("apply", "--server-side", "-f", Repository.File("config", "base", "namespace.yaml"));
        await server.KubectlAsync("apply", "--server-side", "--namespace", "mesh-system", "-k", Repository.File("config", "rbac"));
        var token = await server.KubectlAsync(
            "create", "token", "mesh-operator", "--namespace", "mesh-system", string.Create(CultureInfo.InvariantCulture, $"--duration={Lifetime}s"));
        var config = await KubernetesClientConfiguration.LoadKubeConfigAsync(server.Kubeconfig);
        config.Users.Single().UserCredentials.Token = token;
        var file = Path.ChangeExtension(server.Kubeconfig, "operator");
        await File.WriteAllTextAsync(file, KubernetesYaml.Serialize(config));
        return file;
    }
}
