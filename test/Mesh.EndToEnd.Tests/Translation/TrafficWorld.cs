// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Testing;
using Mesh.Xds.Snapshots;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.EndToEnd.Tests.Translation;

/// <summary>A mesh with a real Envoy and two backends; services are added before it starts.</summary>
internal sealed class TrafficWorld : IAsyncDisposable
{
    public const string CallerAddress = "127.1.77.11";
    public const string StrangerAddress = "127.1.77.12";

    private readonly List<MeshService> services = [];
    private readonly List<EndpointSet> endpoints = [];
    private readonly List<IAsyncDisposable> owned = [];

    // Held until the end: the Envoys of two worlds would share an address without a word (SO_REUSEPORT).
    private readonly List<ReservedPort> ports = [];
    private MeshSnapshot? mesh;
    private NodeSnapshot? snapshot;
    private RealEnvoy? envoy;

    /// <summary>A pod of namespace shop.</summary>
    public PodClient Caller { get; } = new(CallerAddress);

    /// <summary>A pod of namespace visitor.</summary>
    public PodClient Stranger { get; } = new(StrangerAddress);

    public RealEnvoy Envoy => envoy ?? throw new InvalidOperationException("Start first.");

    public static MeshNode Node { get; } = new(new NodeName("n1"), CaptureMode.Loopback);

    public async Task<EchoServer> AddBackendAsync(string name, HttpProtocols protocols = HttpProtocols.Http1)
    {
        var server = await EchoServer.StartAsync(name, "127.1.77.100", protocols);
        owned.Add(server);
        return server;
    }

    /// <summary>A service on a loopback address of its own; returns its port's name and URL.</summary>
    public (ServicePortName Port, string Url) AddService(
        string name, IEnumerable<Endpoint> backends, Func<ServicePort, ServicePort>? change = null)
    {
        var address = $"127.96.77.{services.Count + 1}";
        var held = new ReservedPort(address);
        ports.Add(held);
        var port = Meshes.Port(name, held.EndPoint.Port);
        services.Add(Meshes.Service(address, (change ?? (p => p))(Meshes.ServicePort(port))));
        endpoints.Add(Meshes.Endpoints(port, backends));
        return (port, $"http://{address}:{port.Port}");
    }

    public (ServicePortName Port, string Url) AddRouted(string name, IEnumerable<Endpoint> backends, params IEnumerable<RouteRule> rules) =>
        AddService(name, backends, p => p with { Routes = Meshes.Routes(rules) });

    public async Task StartAsync()
    {
        snapshot = Translate(1);
        envoy = await RealEnvoy.StartAsync(snapshot);
        Assert.That(envoy.Ads.Refusals, Is.Empty);
    }

    /// <summary>Another set of endpoints or routes for a service that is there.</summary>
    public async Task ReplaceAsync(long revision, ServicePortName port, Func<ServicePort, ServicePort> change)
    {
        var index = services.FindIndex(s => s.Name == port.Service);
        services[index] = services[index] with { Ports = services[index].Ports.Select(change).ToEquatableArray() };
        await Envoy.Ads.PublishAsync(snapshot = Translate(revision)).WithTimeout();
    }

    public async ValueTask DisposeAsync()
    {
        Caller.Dispose();
        Stranger.Dispose();
        if (envoy is not null)
        {
            await envoy.DisposeAsync();
        }

        foreach (var item in owned)
        {
            await item.DisposeAsync();
        }

        ports.ForEach(static port => port.Dispose());
    }

    private NodeSnapshot Translate(long revision)
    {
        var model = Meshes.Model(revision, services, endpoints) with
        {
            Workloads =
            [
                Meshes.Workload(CallerAddress, "shop", "caller"),
                Meshes.Workload(StrangerAddress, "visitor", "stranger"),
            ],
        };
        mesh = SnapshotBuilder.Build(model, mesh);
        Assert.That(mesh.Refused, Is.Empty);
        return SnapshotBuilder.ForNode(mesh, Node, snapshot);
    }
}
