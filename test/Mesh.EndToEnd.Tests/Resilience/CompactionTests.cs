// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Resilience;

/// <summary>The API server no longer knows the versions that the watches were to go on from.</summary>
internal sealed class CompactionTests
{
    [Test]
    public async Task Versions_compacted_away_while_the_way_is_cut_mean_a_list_and_nothing_is_sent_again()
    {
        await using var cluster = await ResilientCluster.StartAsync(new ClusterScene(114), "--watch-cache=false");
        await using var relay = new TcpRelay(cluster.Server.Address.Port);
        await using var mesh = await MeshUnderLoad.StartAsync(cluster, cluster.Server.WriteKubeconfig(relay.Port));
        var revision = mesh.Mesh.Store.Current.Revision;

        relay.Cut();

        // Two: a watch may begin at the compacted version itself, and a bookmark may have brought the one just before.
        await cluster.Server.KubectlAsync("create", "configmap", "some", "-n", ClusterScene.Space);
        var newest = await cluster.Server.KubectlAsync("create", "configmap", "any", "-n", ClusterScene.Space, "-o", "jsonpath={.metadata.resourceVersion}");
        await cluster.Server.CompactAsync(newest);
        relay.Restore();
        await mesh.ListedAsync(2);
        var (sentByLists, revisionAfterLists) = (mesh.Sent, mesh.Mesh.Store.Current.Revision);
        await cluster.Server.ApplyAsync(LoadScene.Policy(1));
        await cluster.ProgrammedAsync(2);

        var failures = await mesh.FailuresAsync();
        Assert.Multiple(() =>
        {
            Assert.That(failures, Is.Empty);
            Assert.That(sentByLists, Is.Zero);
            Assert.That(revisionAfterLists, Is.EqualTo(revision));
            Assert.That(mesh.Sent, Is.EqualTo(1));
            Assert.That(mesh.Removed, Is.Zero);
        });
    }
}
