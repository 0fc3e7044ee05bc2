// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Kubernetes;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;
using k8s;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>What the other tests of this folder stand on.</summary>
internal sealed class TestApiServerTests
{
    [Test]
    public async Task Server_comes_back_with_its_data_at_its_address()
    {
        await using var server = await TestApiServer.StartAsync();
        await server.KubectlAsync("create", "namespace", "shop");

        await server.StopServerAsync();
        await server.StartServerAsync();

        using var client = KubernetesClients.Create(new KubernetesOptions { Kubeconfig = server.Kubeconfig, Identity = "test" });
        var space = await client.CoreV1.ReadNamespaceAsync("shop").WithTimeout();
        Assert.That(space.Metadata.Name, Is.EqualTo("shop"));
    }
}
