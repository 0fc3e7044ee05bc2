// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Envoy.Service.Cluster.V3;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;
using Mesh.Model;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;

namespace Mesh.Tests.Streams;

/// <summary>Real Kestrel, real client: that what the session decides reaches the other end and comes back to the ledger.</summary>
internal sealed class AdsServiceTests
{
    private static readonly ResourceKey KeyA = new(ResourceType.Cluster, "a");

    [Test]
    public async Task Service_snapshot_reaches_the_proxy_and_its_ack_the_ledger()
    {
        var mesh = new HandMadeSnapshots();
        await using var server = await XdsServer.StartAsync(mesh.Store);
        await using var proxy = new FakeEnvoy(server.Address, "n1");
        await proxy.SubscribeAllAsync(ResourceType.Cluster);

        mesh.Publish(NewCluster("a", "1"));

        await server.Ledger.WaitForAsync(proxies => proxies.HasAccepted(KeyA, NewCluster("a", "1").Version));
        Assert.That(proxy.Received.Single().Resources.Single().Resource_.Unpack<Cluster>(), Is.EqualTo(new Cluster { Name = "a", AltStatName = "1" }));
        var state = server.Ledger.Proxies.Single();
        Assert.That((state.Node.Value, state.ProxyVersion, state.SentRevision.Value), Is.EqualTo(("n1", "fake", 1L)));
    }

    [Test]
    public async Task Service_refusal_reaches_the_ledger_with_its_words()
    {
        var mesh = new HandMadeSnapshots();
        await using var server = await XdsServer.StartAsync(mesh.Store);
        await using var proxy = new FakeEnvoy(server.Address, "n1")
        {
            Refuse = static response => response.Resources.Any(static resource => resource.Name == "bad")
                ? new FakeRefusal("Error adding/updating cluster(s) bad: no", [.. response.Resources.Select(static resource => resource.Name)])
                : null,
        };
        await proxy.SubscribeAllAsync(ResourceType.Cluster);

        mesh.Publish(NewCluster("a", "1"), NewCluster("bad", "1"));

        await server.Ledger.WaitForAsync(proxies => proxies.HasAccepted(KeyA, NewCluster("a", "1").Version));
        Assert.That(server.Ledger.Proxies.Single().Rejected.Single().Value.Message, Is.EqualTo("Error adding/updating cluster(s) bad: no"));
        Assert.That(proxy.Received, Has.Count.EqualTo(2));
        Assert.That(server.Ledger.Counters, Is.EqualTo(new AckCounters(ResponsesSent: 2, ResourcesSent: 3, RemovalsSent: 0, Nacks: 1)));
    }

    [Test]
    public async Task Service_proxy_that_comes_back_with_all_is_sent_nothing()
    {
        var mesh = new HandMadeSnapshots();
        await using var server = await XdsServer.StartAsync(mesh.Store);
        await using var proxy = new FakeEnvoy(server.Address, "n1");
        await proxy.SubscribeAllAsync(ResourceType.Cluster);
        mesh.Publish(NewCluster("a", "1"), NewCluster("b", "1"));
        await server.Ledger.WaitForAsync(proxies => proxies.HasAccepted(KeyA, NewCluster("a", "1").Version));
        var before = server.Ledger.Counters;
        var firstStream = server.Ledger.Proxies.Single().StreamId;

        proxy.Drop();

        await server.Ledger.WaitForAsync(proxies => proxies.Any(state => state.StreamId > firstStream && state.Accepted.Count == 2 && state.SentRevision.Value == 1));
        Assert.That(server.Ledger.Counters - before, Is.EqualTo(new AckCounters(0, 0, 0, 0)));
    }

    [Test]
    public async Task Service_slow_proxy_skips_to_the_newest()
    {
        var mesh = new HandMadeSnapshots();
        await using var server = await XdsServer.StartAsync(mesh.Store);
        await using var proxy = new FakeEnvoy(server.Address, "n1") { HoldAnswers = true };
        await proxy.SubscribeAllAsync(ResourceType.Cluster);
        mesh.Publish(NewCluster("a", "0"));
        await proxy.WaitForAsync(static proxy => proxy.Received.Count == 1);

        for (var i = 1; i <= 100; i++)
        {
            mesh.Publish(NewCluster("a", i.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        var newest = NewCluster("a", "100").Version;
        await proxy.WaitForAsync(proxy => proxy.Received[^1].Resources.Any(resource => resource.Version == newest));
        await proxy.AnswerAllAsync();
        await server.Ledger.WaitForAsync(proxies => proxies.HasAccepted(KeyA, newest));
        Assert.That(server.Ledger.Proxies.Single().Pending, Is.Empty);
    }

    [Test]
    public async Task Service_proxy_that_leaves_leaves_the_ledger()
    {
        var mesh = new HandMadeSnapshots();
        await using var server = await XdsServer.StartAsync(mesh.Store);
        var proxy = new FakeEnvoy(server.Address, "n1");
        await proxy.SubscribeAllAsync(ResourceType.Cluster);
        await server.Ledger.WaitForAsync(static proxies => proxies.Length == 1);

        await proxy.DisposeAsync();

        await server.Ledger.WaitForAsync(static proxies => proxies.IsEmpty);
        Assert.That(server.Ledger.Proxies, Is.Empty);
    }

    [Test]
    public async Task Service_large_push_arrives_in_pieces_of_bounded_size()
    {
        var mesh = new HandMadeSnapshots();
        await using var server = await XdsServer.StartAsync(mesh.Store);
        await using var proxy = new FakeEnvoy(server.Address, "n1");
        mesh.Publish([.. Enumerable.Range(0, 300).Select(static i => NewCluster($"c{i:D3}", new string('x', 10_000)))]);

        await proxy.SubscribeAllAsync(ResourceType.Cluster);

        await proxy.WaitForAsync(static proxy => proxy.Held.Count == 300);
        Assert.That(proxy.Received.Select(static response => response.CalculateSize()), Has.All.LessThan(1.1e6));
        Assert.That(proxy.Received, Has.Count.EqualTo(3));
    }

    [TestCase("n1", "", "node.id is \"n1\"")]
    [TestCase("node/n1", "iptables", "node.metadata.capture is \"iptables\"")]
    public async Task Service_proxy_without_identity_is_told_what_is_wrong(string id, string capture, string expected)
    {
        await using var server = await XdsServer.StartAsync(new HandMadeSnapshots().Store);
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel).DeltaAggregatedResources();

        await call.RequestStream.WriteAsync(new DeltaDiscoveryRequest
        {
            TypeUrl = ResourceType.Cluster.TypeUrl(),
            Node = new() { Id = id, Metadata = new() { Fields = { ["capture"] = Google.Protobuf.WellKnownTypes.Value.ForString(capture) } } },
        });

        var error = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout());
        Assert.That(error!.Status, Has.Property("StatusCode").EqualTo(StatusCode.InvalidArgument).And.Property("Detail").StartsWith(expected));
    }

    [Test]
    public async Task Service_state_of_the_world_is_served_and_booked_alike()
    {
        var mesh = new HandMadeSnapshots();
        await using var server = await XdsServer.StartAsync(mesh.Store);
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel).StreamAggregatedResources();
        mesh.Publish(NewCluster("a", "1"));
        await call.RequestStream.WriteAsync(new DiscoveryRequest { TypeUrl = ResourceType.Cluster.TypeUrl(), Node = new() { Id = "node/n1" } });
        Assert.That(await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout(), Is.True);
        var response = call.ResponseStream.Current;

        await call.RequestStream.WriteAsync(new DiscoveryRequest
        {
            TypeUrl = response.TypeUrl,
            ResponseNonce = response.Nonce,
            VersionInfo = response.VersionInfo,
        });

        await server.Ledger.WaitForAsync(proxies => proxies.HasAccepted(KeyA, NewCluster("a", "1").Version));
        Assert.That(response.Resources.Single().Unpack<Cluster>(), Is.EqualTo(new Cluster { Name = "a", AltStatName = "1" }));
    }

    [Test]
    public async Task Service_of_one_type_needs_no_type_url()
    {
        var mesh = new HandMadeSnapshots();
        await using var server = await XdsServer.StartAsync(mesh.Store);
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var call = new ClusterDiscoveryService.ClusterDiscoveryServiceClient(channel).DeltaClusters();
        mesh.Publish(NewCluster("a", "1"));

        await call.RequestStream.WriteAsync(new DeltaDiscoveryRequest { Node = new() { Id = "node/n1" } });

        Assert.That(await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout(), Is.True);
        Assert.That(call.ResponseStream.Current.Resources.Single().Name, Is.EqualTo("a"));
    }

    [Test]
    public async Task Service_of_one_type_refuses_another()
    {
        await using var server = await XdsServer.StartAsync(new HandMadeSnapshots().Store);
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var call = new ClusterDiscoveryService.ClusterDiscoveryServiceClient(channel).StreamClusters();

        await call.RequestStream.WriteAsync(new DiscoveryRequest { TypeUrl = ResourceType.Route.TypeUrl(), Node = new() { Id = "node/n1" } });

        var error = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout());
        Assert.That(error!.StatusCode, Is.EqualTo(StatusCode.InvalidArgument));
    }

    [Test]
    public async Task Service_is_healthy_once_something_is_published()
    {
        var mesh = new HandMadeSnapshots();
        await using var server = await XdsServer.StartAsync(mesh.Store);
        using var channel = GrpcChannel.ForAddress(server.Address);
        var health = new Health.HealthClient(channel);

        var before = await health.CheckAsync(new HealthCheckRequest()).ResponseAsync.WithTimeout();
        mesh.Publish(NewCluster("a", "1"));
        var after = await health.CheckAsync(new HealthCheckRequest()).ResponseAsync.WithTimeout();

        Assert.That((before.Status, after.Status), Is.EqualTo(
            (HealthCheckResponse.Types.ServingStatus.NotServing, HealthCheckResponse.Types.ServingStatus.Serving)));
    }

    [Test]
    public async Task Service_tells_by_reflection_what_is_here()
    {
        await using var server = await XdsServer.StartAsync(new HandMadeSnapshots().Store);
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo();

        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });

        Assert.That(await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout(), Is.True);
        Assert.That(
            call.ResponseStream.Current.ListServicesResponse.Service.Select(static service => service.Name),
            Is.SupersetOf(new[] { "envoy.service.discovery.v3.AggregatedDiscoveryService", "envoy.service.secret.v3.SecretDiscoveryService" }));
    }

    private static EncodedResource NewCluster(string name, string content) =>
        HandMadeSnapshots.Encode(ResourceType.Cluster, name, new Cluster { Name = name, AltStatName = content });
}
