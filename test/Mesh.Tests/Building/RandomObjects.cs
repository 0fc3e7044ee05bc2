// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using k8s;
using k8s.Models;
using Mesh.Crds.Core;
using Mesh.Crds.Features;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Sources;
using Mesh.Testing.Builders;

namespace Mesh.Tests.Building;

/// <summary>
/// Objects of every kind, drawn from so few names that they meet: one takes the target, the address or the port of another, refers to what is
/// not there, or is wrong in itself.
/// </summary>
internal sealed class RandomObjects(Random random)
{
    private static readonly string[] Spaces = ["a", "b"];
    private static readonly string[] Services = ["s0", "s1", "s2"];
    private static readonly string[] Nodes = ["n0", "n1"];

    /// <summary>Changes one object, or what is said of one.</summary>
    /// <returns>The key of what was changed.</returns>
    public ObjectKey Edit(ResourceSetBuilder set)
    {
        var obj = Any();
        var key = ResourceSetBuilder.KeyOf(obj);
        switch (random.Next(12))
        {
            case 0 or 1:
                set.Remove(key);
                break;
            case 2:
                set.Problem(key, random.Next(2) == 0 ? [] : [new SourceProblem("f.yaml", random.Next(3), "spec", "is torn", random.Next(4))]);
                break;
            default:
                set.Add(obj);
                break;
        }

        return key;
    }

    private IKubernetesObject<V1ObjectMeta> Any() => random.Next(20) switch
    {
        0 => new MeshConfiguration { Metadata = Metadata(random.Next(4) == 0 ? "other" : "default"), Spec = Mesh() },
        1 => Make.Namespace(Some(Spaces), Some(null, "enabled", "disabled", "nonsense")),
        2 => Make.Node(Some(Nodes), Some(null, "z0", "z1")),
        3 or 4 => Pod(),
        5 or 6 => Slice(),
        7 => new ServiceAccount { Metadata = Metadata($"{Some(Spaces)}/default") },
        < 11 => Service(),
        < 14 => new HTTPRoute { Metadata = Metadata($"{Some(Spaces)}/{Some("r0", "r1")}"), Spec = new HTTPRouteSpec { ParentRefs = Few(Parent), Rules = Few(HttpRule) } },
        < 16 => new GRPCRoute { Metadata = Metadata($"{Some(Spaces)}/{Some("r0", "g1")}"), Spec = new GRPCRouteSpec { ParentRefs = Few(Parent), Rules = Few(GrpcRule) } },
        _ => new TrafficPolicy { Metadata = Metadata($"{Some(Spaces)}/{Some("p0", "p1", "p2")}"), Spec = random.Next(3) == 0 ? RoutePolicy() : Policy() },
    };

    private MeshSpec Mesh() => new()
    {
        OutboundTraffic = Some<OutboundTrafficMode?>(null, OutboundTrafficMode.Block),
        PodCIDRs = Some<IReadOnlyList<string>?>(null, ["10.0.0.0/8"], ["nonsense"]),
        Defaults = random.Next(3) == 0 ? null : Features(new MeshDefaults()),
    };

    private Pod Pod()
    {
        var pod = Make.Pod(
            $"{Some(Spaces)}/{Some("x0", "x1")}", Some(null, "10.244.0.1", "10.244.0.2", "fd00::1"), ("app", Some("s0", "s1")), (EnrolmentLabel.Key, Some("enabled", "disabled", "nonsense")));
        if (random.Next(2) == 0)
        {
            pod.Metadata.Labels.Remove(EnrolmentLabel.Key);
        }

        return new Pod { Metadata = pod.Metadata, Spec = new PodSpec { NodeName = Some(null, "n0", "n1") }, Status = pod.Status };
    }

    private EndpointSlice Slice()
    {
        var slice = Make.Slice($"{Some(Spaces)}/{Some("e0", "e1", "e2")}", Some(Services), 8080, Few(() => Make.Endpoint(Some("10.244.0.1", "10.244.0.2", "10.244.0.3"), Some(true, false))));
        return new EndpointSlice
        {
            Metadata = slice.Metadata,
            AddressType = random.Next(8) == 0 ? EndpointSlice.HostNames : slice.AddressType,
            Endpoints = slice.Endpoints,
            Ports = [new SlicePort { Port = 8080, Protocol = "TCP", Name = Some(null, "http") }],
        };
    }

    private Service Service()
    {
        var ports = Some<string[]>(["80"], ["80:http"], ["80", "81:grpc"], ["80:tcp"], ["81:http", "82:web:kubernetes.io/h2c"], []);
        var service = Make.Service($"{Some(Spaces)}/{Some(Services)}", Some("10.96.0.1", "10.96.0.2", "10.96.0.3", "None", null), ports);
        return new Service
        {
            Metadata = Metadata($"{service.Metadata.NamespaceProperty}/{service.Metadata.Name}"),
            Spec = service.Spec! with
            {
                ClusterIPs = Some<IReadOnlyList<string>?>(null, ["10.96.0.1", "fd00::96"], ["fd00::96"]),
                Type = random.Next(8) == 0 ? "ExternalName" : null,
                SessionAffinity = Some(null, "ClientIP"),
                TrafficDistribution = Some(null, "PreferSameZone"),
                InternalTrafficPolicy = Some(null, "Local"),
                Selector = random.Next(2) == 0 ? null : new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = Some("s0", "s1") },
            },
        };
    }

    private ParentReference Parent() => random.Next(8) == 0
        ? new ParentReference { Kind = "Gateway", Group = GatewayApiGroup.Name, Name = "gw" }
        : Make.Parent(Some("", "", "a/", "b/") + Some("s0", "s0", "s1", "s1", "nope"), Some<int?>(null, null, 80, 81, 99), random.Next(6) == 0 ? "http" : null);

    private HTTPRouteRule HttpRule() => Make.Rule(Make.PathMatch(Some("/", "/x", "/y", "wrong")), [.. Few(Backend)]) with
    {
        Name = Some(null, "one", "two"),
        Timeouts = random.Next(3) == 0 ? new HTTPRouteTimeouts { Request = Some("1s", "wrong") } : null,
        Filters = random.Next(4) != 0
            ? null
            : [new HTTPRouteFilter { Type = HTTPRouteFilterType.RequestMirror, RequestMirror = new HTTPRequestMirrorFilter { BackendRef = Backend(), Percent = 10 } }],
    };

    private GRPCRouteRule GrpcRule() => new()
    {
        Name = Some(null, "one", "two"),
        Matches = random.Next(2) == 0 ? null : [new GRPCRouteMatch { Method = new GRPCMethodMatch { Service = Some("x.S", "x.T", "wrong/"), Method = Some(null, "M") } }],
        BackendRefs = [new GRPCBackendRef { Name = Some(Services), Namespace = Some(null, "a", "b"), Port = Some(80, 81) }],
    };

    private HTTPBackendRef Backend() => new()
    {
        Name = Some("s0", "s1", "s2", "nope"),
        Namespace = Some(null, "a", "b"),
        Port = Some<int?>(80, 81, 99, null),
        Weight = Some<int?>(null, 0, 3),
    };

    private TrafficPolicySpec Policy()
    {
        var spec = Features(new TrafficPolicySpec
        {
            TargetRefs = Few(Target),
            FaultInjection = random.Next(5) == 0 ? new FaultInjection { Abort = new FaultAbort { HttpStatus = Some(503, 9999) } } : null,
        });
        return random.Next(3) == 0 ? spec with { Rules = Few(HttpRule) } : spec;
    }

    /// <summary>With nothing that routes cannot have.</summary>
    private TrafficPolicySpec RoutePolicy() => new()
    {
        TargetRefs = [random.Next(2) == 0 ? Make.Target(PolicyTargetKind.HTTPRoute, Some("r0", "r1"), Some(null, "one")) : Make.Target(PolicyTargetKind.GRPCRoute, "r0", Some(null, "one"))],
        Timeouts = new Timeouts { Request = Some("1s", "2s") },
    };

    private PolicyTargetReference Target() => random.Next(8) switch
    {
        0 => Make.Target(PolicyTargetKind.Namespace, Some(Spaces)),
        1 => Make.Target(PolicyTargetKind.HTTPRoute, Some("r0", "r1"), Some(null, "one", "two")),
        2 => Make.Target(PolicyTargetKind.GRPCRoute, Some("r0", "g1"), Some(null, "one")),
        _ => Make.Target(PolicyTargetKind.Service, Some("s0", "s1", "s2", "nope"), Some(null, null, "80", "http")),
    };

    private T Features<T>(T spec)
        where T : TrafficFeatures => (T)(spec with
        {
            Timeouts = random.Next(2) == 0 ? null : new Timeouts { Request = Some(null, "1s", "2s", "wrong"), Connect = Some(null, "3s") },
            Retries = random.Next(3) == 0 ? new Retries { Attempts = Some(1, 2) } : null,
            ConnectionLimits = random.Next(4) == 0 ? new ConnectionLimits { MaxConnections = Some(1, 2) } : null,
            LoadBalancing = random.Next(3) != 0 ? null : new LoadBalancing
            {
                Algorithm = LoadBalancingAlgorithm.Maglev,
                HashOn = [new HashOn { Type = HashOnType.Header, Name = Some("x-a", "x-b") }],
            },
        });

    /// <summary>Of different ages and generations; one that was made anew has another uid.</summary>
    private V1ObjectMeta Metadata(string name)
    {
        var metadata = Make.Metadata(name, Some<int?>(null, 1, 2), random.Next(1, 4));
        metadata.Uid = random.Next(2).ToString(CultureInfo.InvariantCulture);
        return metadata;
    }

    private T Some<T>(params T[] choices) => choices[random.Next(choices.Length)];

    private T[] Few<T>(Func<T> make) => [.. Enumerable.Range(0, random.Next(10) switch { 0 => 0, < 6 => 1, _ => 2 }).Select(_ => make())];
}
