// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Model.Settings;

namespace Mesh.Testing;

/// <summary>Small models to begin a test with; what a test is about it changes by <c>with</c>.</summary>
public static class Meshes
{
    public static ServicePortName Port(string name, int port = 80, string ns = "shop") => new(new ServiceName(ns, name), port);

    public static RouteMatch AnyRequest { get; } = new()
    {
        PathKind = PathMatchKind.PathPrefix,
        Path = "/",
        Method = null,
        Headers = [],
        QueryParameters = [],
        IsGrpc = false,
    };

    public static RouteMatch Prefix(string path) => AnyRequest with { Path = path };

    public static RouteMatch Exact(string path) => AnyRequest with { PathKind = PathMatchKind.Exact, Path = path };

    public static WeightedBackend Backend(ServicePortName? target, uint weight = 1) => new()
    {
        Target = target,
        Weight = weight,
        RequestHeaders = HeaderChanges.None,
        ResponseHeaders = HeaderChanges.None,
    };

    public static RouteAction.Forward Forward(params IEnumerable<WeightedBackend> backends) => new()
    {
        Backends = backends.ToEquatableArray(),
        PathRewrite = null,
        HostRewrite = null,
        ErrorStatus = 500,
    };

    public static RouteAction.Forward Forward(ServicePortName target) => Forward(Backend(target));

    public static RouteRule Rule(RouteMatch match, RouteAction action) => new()
    {
        Name = "test",
        Match = match,
        Action = action,
        RequestHeaders = HeaderChanges.None,
        ResponseHeaders = HeaderChanges.None,
        Mirrors = [],
        Settings = RouteSettings.Default,
        Origins = Origins.None,
    };

    public static RouteTable Routes(params IEnumerable<RouteRule> rules) => new() { Consumers = [], Producer = rules.ToEquatableArray() };

    /// <summary>A port whose requests all go to its own endpoints.</summary>
    public static ServicePort ServicePort(ServicePortName name, PortProtocol protocol = PortProtocol.Detect) => new()
    {
        Name = name,
        PortName = "",
        Protocol = protocol,
        Cluster = ClusterSettings.Default,
        Routes = Routes(Rule(AnyRequest, Forward(name))),
        ClusterOrigins = Origins.None,
    };

    public static MeshService Service(string address, params IEnumerable<ServicePort> ports)
    {
        var sorted = ports.OrderBy(p => p.Name).ToEquatableArray();
        return new MeshService { Name = sorted[0].Name.Service, Addresses = [address], Ports = sorted };
    }

    public static Endpoint Endpoint(string address, int port) => new()
    {
        Address = address,
        OtherAddress = "",
        Port = port,
        Health = EndpointHealth.Ready,
        Zone = "",
        Node = null,
        ForZones = [],
        ForNodes = [],
        Pod = "",
    };

    public static Workload Workload(string address, string ns, string name) => new()
    {
        Address = address,
        Namespace = ns,
        Name = name,
        ServiceAccount = "default",
        Node = null,
    };

    /// <summary>A mesh of <paramref name="services"/>; a port without endpoints given has none.</summary>
    public static MeshModel Model(long revision, IEnumerable<MeshService> services, params IEnumerable<EndpointSet> endpoints)
    {
        var byName = services.ToImmutableDictionary(s => s.Name);
        var given = endpoints.ToImmutableDictionary(e => e.Name);
        return MeshModel.Empty with
        {
            Revision = new Revision(revision),
            Services = byName,
            Endpoints = byName.Values.SelectMany(s => s.Ports)
                .ToImmutableDictionary(p => p.Name, p => given.GetValueOrDefault(p.Name) ?? Endpoints(p.Name)),
        };
    }

    public static EndpointSet Endpoints(ServicePortName port, params IEnumerable<Endpoint> endpoints) =>
        new() { Name = port, Reach = EndpointReach.Mesh, Endpoints = endpoints.ToEquatableArray() };
}
