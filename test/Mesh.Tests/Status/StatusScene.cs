// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Envoy.Config.Route.V3;
using k8s.Models;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;
using Mesh.Xds;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;

namespace Mesh.Tests.Status;

/// <summary>One policy <c>shop/cart-retry</c> at generation 2 whose settings are in one route configuration.</summary>
internal sealed class StatusScene
{
    public static readonly ObjectKey Policy = new("TrafficPolicy", "shop", "cart-retry");
    public static readonly ResourceKey Route = new(ResourceType.Route, "r/shop/cart:8080");

    private readonly List<ProxyState> proxies = [];
    private readonly List<NodeSnapshot> nodes = [];
    private ImmutableDictionary<ObjectKey, EquatableArray<Finding>> findings = ImmutableDictionary<ObjectKey, EquatableArray<Finding>>.Empty;
    private EquatableArray<RefusedResource> refused = [];
    private Origins? inSnapshot = Origins.Of(Reference(2));
    private bool isInModel = true;
    private ServicePort? port;
    private StatusMemory memory = StatusMemory.Empty;
    private FleetView fleet = FleetView.Alone;
    private long revision = 7;

    public static ResourceRef Reference(long generation) => new("TrafficPolicy", "shop", "cart-retry", generation);

    public StatusScene WithProxy(string node, Func<ProxyState, ProxyState>? change = null)
    {
        var idle = new ProxyState
        {
            Node = new NodeName(node),
            StreamId = proxies.Count,
            ProxyVersion = "1.40.0",
            Accepted = AcceptedResources.None,
            Rejected = ImmutableDictionary<ResourceKey, RejectedResource>.Empty,
            Pending = PendingResources.None,
            SentRevision = new Revision(revision),
        };
        proxies.Add(change is null ? idle : change(idle));
        return this;
    }

    public StatusScene WithFleet(FleetView view)
    {
        fleet = view;
        return this;
    }

    public StatusScene WithFinding(Finding finding)
    {
        findings = findings.SetItem(Policy, [.. findings.GetValueOrDefault(Policy), finding]);
        return this;
    }

    /// <summary>A version of the route that breaks Envoy's rules; what the scene has stays the last good one.</summary>
    public StatusScene WithRefused(string message, params ResourceRef[] others)
    {
        refused = [new RefusedResource(Route, Origins.Of([Reference(2), .. others]), message)];
        return this;
    }

    /// <summary>A listener of one node's own breaks Envoy's rules; <paramref name="lastGood"/> keeps serving if there is one.</summary>
    public StatusScene WithWithheldListener(string node, string message, Origins origins, Origins? lastGood = null)
    {
        var key = new ResourceKey(ResourceType.Listener, "l/127.96.0.10:8080");
        var listeners = lastGood is { } good ? ResourceTable.Empty.With([Resource(key, good)], []) : ResourceTable.Empty;
        nodes.Add(new NodeSnapshot
        {
            Node = new NodeName(node),
            Revision = new Revision(revision),
            Tables = [.. ResourceTypes.PushOrder.Select(type => type == ResourceType.Listener ? listeners : ResourceTable.Empty)],
            Refused = [new RefusedResource(key, origins, message)],
        });
        return this;
    }

    /// <summary>The route has no good version.</summary>
    public StatusScene WithoutRoute()
    {
        inSnapshot = null;
        return this;
    }

    /// <summary>What the policy came to in the model.</summary>
    public StatusScene WithPort(ServicePort shaped)
    {
        port = shaped;
        return this;
    }

    public StatusScene OutsideTheModel()
    {
        isInModel = false;
        return this;
    }

    public static ProxyState Accepting(ProxyState proxy, long generation) => proxy with
    {
        Accepted = proxy.Accepted.With(Route, new AcceptedResource($"v{generation}", Origins.Of(Reference(generation)))),
    };

    public static ProxyState Refusing(ProxyState proxy, string words, params ResourceRef[] culprits) => proxy with
    {
        Rejected = proxy.Rejected.SetItem(
            Route, new RejectedResource("v2", Origins.Of([Reference(2), .. culprits]), Origins.Of(culprits), words)),
    };

    public ObjectStatus Report() => ReportAll()[Policy];

    public ImmutableSortedDictionary<ObjectKey, ObjectStatus> ReportAll() => Run().Objects;

    public StatusReport Run()
    {
        var report = StatusReporter.Report(Input(), memory);
        memory = report.Memory;
        return report;
    }

    public StatusInput Input() => new(Built(), Snapshot(), [.. proxies]) { Nodes = [.. nodes], Fleet = fleet };

    public ConditionState Condition(string type) => Report().Scopes[0].Conditions.Single(condition => condition.Type == type);

    /// <summary>The next report is of a later snapshot, in which the policy is the same.</summary>
    public void Advance() => revision++;

    private BuildResult Built()
    {
        var policy = new TrafficPolicy
        {
            Metadata = new V1ObjectMeta { Name = "cart-retry", NamespaceProperty = "shop", Generation = 2 },
            Spec = new TrafficPolicySpec { TargetRefs = [new PolicyTargetReference { Group = "", Kind = PolicyTargetKind.Service, Name = "cart" }] },
        };
        return BuildResult.Empty with
        {
            Resources = ResourceSet.Empty with { TrafficPolicies = ResourceSet.Empty.TrafficPolicies.Add(Policy, policy) },
            Findings = findings,
            Contributions = isInModel
                ? BuildResult.Empty.Contributions.Add(Policy, new Contribution(Reference(2), port is null ? [] : [port.Name]))
                : BuildResult.Empty.Contributions,
        };
    }

    private MeshSnapshot Snapshot()
    {
        var routes = inSnapshot is { } origins ? ResourceTable.Empty.With([RouteOf(origins)], []) : ResourceTable.Empty;
        var tables = ResourceTypes.PushOrder.Select(type => type == ResourceType.Route ? routes : ResourceTable.Empty);
        return new MeshSnapshot
        {
            Model = Mesh.Testing.Meshes.Model(revision, port is null ? [] : [Mesh.Testing.Meshes.Service("127.96.0.1", port)]),
            Shared = [.. tables],
            Refused = refused,
        };
    }

    private static EncodedResource RouteOf(Origins origins) => Resource(Route, origins);

    private static EncodedResource Resource(ResourceKey key, Origins origins) => new()
    {
        Key = key,
        Version = "v2",
        Wire = ReadOnlyMemory<byte>.Empty,
        Bare = ReadOnlyMemory<byte>.Empty,
        Origins = origins,
        OnDemand = true,
        References = [],
        Message = new RouteConfiguration(),
    };
}
