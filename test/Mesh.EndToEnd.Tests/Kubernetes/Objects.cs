// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using Mesh.Operator.Sources;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>Small objects that tests write by the dozen.</summary>
internal static class Objects
{
    public const string Space = "shop";

    public static ObjectKey Account(string name) => new("ServiceAccount", Space, name);

    public static Task CreateSpaceAsync(IKubernetes client) =>
        client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = Space } }).WithTimeout();

    /// <returns>Its resourceVersion.</returns>
    public static async Task<string> CreateAccountAsync(IKubernetes client, string name)
    {
        var account = new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = name } };
        var created = await client.CoreV1.CreateNamespacedServiceAccountAsync(account, Space).WithTimeout();
        return created.Metadata.ResourceVersion;
    }

    public static Task DeleteAccountAsync(IKubernetes client, string name) =>
        client.CoreV1.DeleteNamespacedServiceAccountAsync(name, Space).WithTimeout();

    public static bool HasAccounts(ResourceSet state, IEnumerable<string> names) =>
        state.ServiceAccounts.Keys.Where(key => key.Namespace == Space).Select(key => key.Name).Order(StringComparer.Ordinal)
            .SequenceEqual(names.Order(StringComparer.Ordinal), StringComparer.Ordinal);

    public static string Policy(string name, string spec) =>
        $$"""
        apiVersion: mesh.operator.dev/v1alpha1
        kind: TrafficPolicy
        metadata: {name: {{name}}, namespace: {{Space}}}
        spec: {{spec}}
        """;
}
