// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Snapshots;

namespace Mesh.EndToEnd.Tests.Proxyless;

/// <summary>A mesh served to gRPC clients that need no proxy: models in, the clients' bootstrap file out.</summary>
internal sealed class ProxylessMesh : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mesh-proxyless-");
    private readonly Dictionary<ServicePortName, ServicePort> ports = [];
    private readonly Dictionary<ServicePortName, EndpointSet> endpoints = [];
    private MeshSnapshot? mesh;
    private long revision;

    private readonly string clientNamespace;

    private ProxylessMesh(XdsServer server, string clientNamespace) => (Server, this.clientNamespace) = (server, clientNamespace);

    public XdsServer Server { get; }

    /// <summary>What <c>GRPC_XDS_BOOTSTRAP</c> names.</summary>
    public string BootstrapFile => Path.Combine(folder.FullName, "bootstrap.json");

    /// <param name="clientNamespace">Where the clients say that they run.</param>
    /// <param name="change">Makes another snapshot of each one that is served.</param>
    public static async Task<ProxylessMesh> StartAsync(string clientNamespace = "shop", Func<NodeSnapshot, NodeSnapshot>? change = null)
    {
        var store = new SnapshotStore((mesh, node, previous) =>
            change is null ? SnapshotBuilder.ForNode(mesh, node, previous) : change(SnapshotBuilder.ForNode(mesh, node, previous)));
        var served = new ProxylessMesh(await XdsServer.StartAsync(store), clientNamespace);
        await GrpcBootstrap.WriteAsync(served.BootstrapFile, served.Server.Address.Authority, clientNamespace);
        return served;
    }

    /// <summary>Puts a port in; it is served from the next <see cref="Publish"/> on.</summary>
    public ProxylessMesh With(ServicePort port)
    {
        ports[port.Name] = port;
        return this;
    }

    public ProxylessMesh With(ServicePortName port, params IEnumerable<Endpoint> backends)
    {
        ports.TryAdd(port, Meshes.ServicePort(port, PortProtocol.Http2));
        endpoints[port] = Meshes.Endpoints(port, backends);
        return this;
    }

    public ProxylessMesh Without(ServicePortName port)
    {
        ports.Remove(port);
        endpoints.Remove(port);
        return this;
    }

    public void Publish()
    {
        var services = ports.Values.Select((port, index) => Meshes.Service($"127.96.88.{index + 1}", port));
        mesh = SnapshotBuilder.Build(Meshes.Model(++revision, services, endpoints.Values), mesh);
        Assert.That(mesh.Refused, Is.Empty);
        Server.Snapshots.Publish(mesh);
    }

    /// <summary>Publishes and tells the version that clients then get of a resource.</summary>
    public string Publish(ResourceKey key)
    {
        Publish();
        var client = new MeshNode(new NodeName("any"), CaptureMode.Loopback) { Proxyless = new ProxylessClient(clientNamespace) };
        return SnapshotBuilder.ForNode(mesh!, client, previous: null).Find(key)!.Version; // Publish has set the mesh; the test names what is there.
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
