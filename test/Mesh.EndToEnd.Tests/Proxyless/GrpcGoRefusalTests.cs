// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Snapshots;

namespace Mesh.EndToEnd.Tests.Proxyless;

/// <summary>What grpc-go refuses, and what it is refused.</summary>
internal sealed class GrpcGoRefusalTests
{
    private static readonly ResourceKey Good = new(ResourceType.Cluster, "s/shop/cart-v1:80");
    private static readonly ResourceKey Bad = new(ResourceType.Cluster, "s/shop/cart-v2:80");

    [SetUp]
    public void SetUp() => GrpcGo.Require();

    [Test]
    public async Task Refused_cluster_is_named_in_the_ledger_and_the_good_one_beside_it_serves()
    {
        await using var shop = await Shop.OpenAsync(
            snapshot => With(snapshot, Bad, static cluster => cluster.LoadBalancingPolicy.Policies.Clear()), Shop.Split(50, 50));
        await using var calls = GrpcGo.Call(shop.Mesh.BootstrapFile, Shop.Target, "-n", "1000000", "-timeout", "100ms");

        await shop.Mesh.Server.Ledger.WaitForAsync(proxies =>
            proxies.HasRejected(Bad) && proxies.Any(static proxy => proxy.Accepted.ContainsKey(Good) && proxy.Pending.IsEmpty));
        var settled = shop.Mesh.Server.Ledger.Counters;
        await shop.A.AnsweredAsync(10).WithTimeout();

        var proxy = shop.Mesh.Server.Ledger.Proxies.Single();
        Assert.That(proxy.Rejected.Keys, Is.EqualTo(new[] { Bad }));
        Assert.That(proxy.Rejected[Bad].Message, Does.Contain(Bad.Name));
        Assert.That(shop.B.Count, Is.Zero);
        Assert.That(shop.Mesh.Server.Ledger.Counters.Nacks, Is.EqualTo(settled.Nacks), "nothing is sent in a loop");
    }

    [Test]
    public async Task Load_report_that_a_cluster_asks_for_is_refused_and_calls_go_on()
    {
        await using var shop = await Shop.OpenAsync(
            snapshot => With(snapshot, Good, static cluster => cluster.LrsServer = new ConfigSource { Self = new SelfConfigSource() }),
            Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(Shop.First)));
        await using var calls = GrpcGo.Call(shop.Mesh.BootstrapFile, Shop.Target, "-n", "1000000", "-every", "1ms");

        await calls.LoggedAsync("code = Unimplemented");

        await shop.A.AnsweredAsync(shop.A.Count + 200).WithTimeout();
        Assert.That(calls.IsRunning, Is.True);
    }

    private static NodeSnapshot With(NodeSnapshot snapshot, ResourceKey key, Action<Cluster> change)
    {
        if (snapshot.Find(key) is not { } resource)
        {
            return snapshot;
        }

        var cluster = ((Cluster)resource.Message).Clone();
        change(cluster);
        var changed = ResourceEncoder.Encode(new Xds.Translation.XdsResource
        {
            Key = key,
            Message = cluster,
            Origins = resource.Origins,
            OnDemand = true,
            References = resource.References,
        });
        return new NodeSnapshot
        {
            Node = snapshot.Node,
            Revision = snapshot.Revision,
            Tables = snapshot.Tables.SetItem((int)key.Type, snapshot[key.Type].With([changed], [])),
        };
    }
}
