// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using Envoy.Service.Discovery.V3;
using Mesh.Xds;
using Mesh.Xds.Snapshots;

namespace Mesh.Benchmarks.Sessions;

/// <summary>What one stream costs beside its socket, in both variants: events in, bytes out.</summary>
public class SessionBenchmarks
{
    public const int Pushes = 500;
    public const int Answers = 4;

    public const string Push = "one endpoint changed: push and its ACK";
    public const string ColdSync = "cold sync of 1 000 clusters and 1 000 assignments";
    public const string Acknowledge = "ACK of 1 000 names";
    public const string Reconnect = "reconnect with 4 000 known versions";
    public const string Delta = "delta";
    public const string World = "state of the world";

    private readonly SessionMesh mesh = new();
    private DeltaDiscoveryRequest[] deltaReconnect = [];
    private DiscoveryRequest[] worldReconnect = [];
    private DeltaClient delta = new();
    private SotwClient world = new();
    private NodeSnapshot[] next = [];
    private DeltaClient[] deltaAnswering = [];
    private SotwClient[] worldAnswering = [];

    private static DeltaDiscoveryRequest[] DeltaFirst { get; } =
        [DeltaClient.Subscribe(ResourceType.Cluster), DeltaClient.Subscribe(ResourceType.Endpoint, SessionMesh.Clusters)];

    private static DiscoveryRequest[] WorldFirst { get; } =
        [SotwClient.Subscribe(ResourceType.Cluster), SotwClient.Subscribe(ResourceType.Endpoint, SessionMesh.Clusters)];

    [GlobalSetup]
    public void Setup()
    {
        delta = SyncDelta(DeltaFirst);
        world = SyncWorld(WorldFirst);
        var all = SyncDelta([
            .. DeltaFirst, DeltaClient.Subscribe(ResourceType.Route, SessionMesh.Routes), DeltaClient.Subscribe(ResourceType.Listener)]);
        deltaReconnect = [.. new[]
        {
            DeltaClient.Subscribe(ResourceType.Cluster), DeltaClient.Subscribe(ResourceType.Endpoint, SessionMesh.Clusters),
            DeltaClient.Subscribe(ResourceType.Route, SessionMesh.Routes), DeltaClient.Subscribe(ResourceType.Listener),
        }.Select(Knowing)];
        var allOfWorld = SyncWorld([
            .. WorldFirst, SotwClient.Subscribe(ResourceType.Route, SessionMesh.Routes), SotwClient.Subscribe(ResourceType.Listener)]);
        worldReconnect = [.. new[]
        {
            SotwClient.Subscribe(ResourceType.Cluster), SotwClient.Subscribe(ResourceType.Endpoint, SessionMesh.Clusters),
            SotwClient.Subscribe(ResourceType.Route, SessionMesh.Routes), SotwClient.Subscribe(ResourceType.Listener),
        }];
        foreach (var request in worldReconnect)
        {
            request.VersionInfo = allOfWorld.Last[ResourceTypes.FromTypeUrl(request.TypeUrl).GetValueOrDefault()].Version;
        }
    }

    [IterationSetup(Targets = [nameof(PushDelta), nameof(PushWorld)])]
    public void PreparePushes() => next = mesh.Next(Pushes);

    [IterationSetup(Target = nameof(AcknowledgeDelta))]
    public void PrepareDeltaAnswers() => deltaAnswering = [.. Enumerable.Range(0, Answers).Select(_ =>
    {
        var client = new DeltaClient();
        client.Publish(mesh.Current);
        client.Request(DeltaFirst[1]);
        return client;
    })];

    [IterationSetup(Target = nameof(AcknowledgeWorld))]
    public void PrepareWorldAnswers() => worldAnswering = [.. Enumerable.Range(0, Answers).Select(_ =>
    {
        var client = new SotwClient();
        client.Publish(mesh.Current);
        client.Begin(WorldFirst[1]);
        return client;
    })];

    [Benchmark(Description = Push, OperationsPerInvoke = Pushes), BenchmarkCategory(Delta)]
    public void PushDelta()
    {
        foreach (var snapshot in next)
        {
            delta.Publish(snapshot);
            delta.AnswerAll();
        }
    }

    [Benchmark(Description = Push, OperationsPerInvoke = Pushes), BenchmarkCategory(World)]
    public void PushWorld()
    {
        foreach (var snapshot in next)
        {
            world.Publish(snapshot);
            world.AnswerAll();
        }
    }

    [Benchmark(Description = ColdSync), BenchmarkCategory(Delta)]
    public object ColdSyncDelta() => SyncDelta(DeltaFirst);

    [Benchmark(Description = ColdSync), BenchmarkCategory(World)]
    public object ColdSyncWorld() => SyncWorld(WorldFirst);

    [Benchmark(Description = Acknowledge, OperationsPerInvoke = Answers), BenchmarkCategory(Delta)]
    public void AcknowledgeDelta()
    {
        foreach (var client in deltaAnswering)
        {
            client.Answer();
        }
    }

    [Benchmark(Description = Acknowledge, OperationsPerInvoke = Answers), BenchmarkCategory(World)]
    public void AcknowledgeWorld()
    {
        foreach (var client in worldAnswering)
        {
            client.Answer();
        }
    }

    [Benchmark(Description = Reconnect), BenchmarkCategory(Delta)]
    public object ReconnectDelta() => SyncDelta(deltaReconnect);

    [Benchmark(Description = Reconnect), BenchmarkCategory(World)]
    public object ReconnectWorld() => SyncWorld(worldReconnect);

    // As on a stream: the first request comes before the snapshot.
    private DeltaClient SyncDelta(DeltaDiscoveryRequest[] requests)
    {
        var client = new DeltaClient();
        client.Request(requests[0]);
        client.Publish(mesh.Current);
        foreach (var request in requests.AsSpan(1))
        {
            client.Request(request);
        }

        client.AnswerAll();
        return client;
    }

    private SotwClient SyncWorld(DiscoveryRequest[] requests)
    {
        var client = new SotwClient();
        client.Begin(requests[0]);
        client.Publish(mesh.Current);
        foreach (var request in requests.AsSpan(1))
        {
            client.Begin(request);
        }

        client.AnswerAll();
        return client;
    }

    private DeltaDiscoveryRequest Knowing(DeltaDiscoveryRequest request)
    {
        var type = ResourceTypes.FromTypeUrl(request.TypeUrl).GetValueOrDefault();
        foreach (var (name, resource) in mesh.Current[type].Resources)
        {
            request.InitialResourceVersions.Add(name, resource.Version);
        }

        return request;
    }
}
