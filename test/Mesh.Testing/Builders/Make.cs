// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using k8s.Models;
using Mesh.Crds.Core;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;

namespace Mesh.Testing.Builders;

/// <summary>Objects as a user would write them, with what most tests do not care about filled in. Names are "namespace/name".</summary>
public static class Make
{
    public static V1ObjectMeta Metadata(string name, int? day = null, long generation = 1)
    {
        var parts = name.Split('/');
        return new V1ObjectMeta
        {
            NamespaceProperty = parts.Length == 2 ? parts[0] : null,
            Name = parts[^1],
            Generation = generation,
            CreationTimestamp = day is { } d ? new DateTime(2026, 1, d, 0, 0, 0, DateTimeKind.Utc) : null,
        };
    }

    /// <summary>Ports as "80", "80:http" (number and name) or "80:web:kubernetes.io/h2c" (with appProtocol).</summary>
    public static Service Service(string name, string? clusterIP, params string[] ports) => new()
    {
        Metadata = Metadata(name),
        Spec = new ServiceSpec { ClusterIP = clusterIP, Ports = [.. ports.Select(Port)] },
    };

    public static ServicePort Port(string text)
    {
        var parts = text.Split(':', 3);
        return new ServicePort
        {
            Port = int.Parse(parts[0], CultureInfo.InvariantCulture),
            Name = parts.Length > 1 ? parts[1] : null,
            AppProtocol = parts.Length > 2 ? parts[2] : null,
        };
    }

    /// <summary>A slice of a service with one unnamed port, unless a name is given.</summary>
    public static EndpointSlice Slice(string name, string service, int port, params IEnumerable<SliceEndpoint> endpoints)
    {
        var metadata = Metadata(name);
        metadata.Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [EndpointSlice.ServiceNameLabel] = service };
        return new EndpointSlice
        {
            Metadata = metadata,
            AddressType = "IPv4",
            Endpoints = [.. endpoints],
            Ports = [new SlicePort { Port = port, Protocol = "TCP" }],
        };
    }

    public static SliceEndpoint Endpoint(string address, bool? ready = true, bool? serving = null, bool? terminating = null) => new()
    {
        Addresses = [address],
        Conditions = new EndpointConditions { Ready = ready, Serving = serving, Terminating = terminating },
    };

    public static Pod Pod(string name, string? address, params (string Key, string Value)[] labels)
    {
        var metadata = Metadata(name);
        metadata.Labels = labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal);
        return new Pod { Metadata = metadata, Spec = new PodSpec(), Status = new PodStatus { Phase = "Running", PodIP = address } };
    }

    /// <param name="name">Its name.</param>
    /// <param name="enrolment">Value of the label; null for none.</param>
    public static Namespace Namespace(string name, string? enrolment) => new() { Metadata = Labelled(name, (EnrolmentLabel.Key, enrolment)) };

    /// <param name="name">Its name.</param>
    /// <param name="zone">Null for a node of which that is unknown.</param>
    public static Node Node(string name, string? zone) => new() { Metadata = Labelled(name, (Crds.Core.Node.ZoneLabel, zone)) };

    public static TrafficPolicy Policy(string name, TrafficPolicySpec spec, int? day = null) =>
        new() { Metadata = Metadata(name, day), Spec = spec };

    public static PolicyTargetReference Target(PolicyTargetKind kind, string name, string? section = null) => new()
    {
        Kind = kind,
        Name = name,
        SectionName = section,
        Group = kind is PolicyTargetKind.HTTPRoute or PolicyTargetKind.GRPCRoute ? GatewayApiGroup.Name : "",
    };

    public static HTTPRoute HttpRoute(string name, ParentReference parent, params HTTPRouteRule[] rules) => new()
    {
        Metadata = Metadata(name),
        Spec = new HTTPRouteSpec { ParentRefs = [parent], Rules = rules },
    };

    public static GRPCRoute GrpcRoute(string name, ParentReference parent, params GRPCRouteRule[] rules) => new()
    {
        Metadata = Metadata(name),
        Spec = new GRPCRouteSpec { ParentRefs = [parent], Rules = rules },
    };

    /// <summary>A Service as parent; "name" or "namespace/name".</summary>
    public static ParentReference Parent(string name, int? port = null, string? section = null)
    {
        var parts = name.Split('/');
        return new ParentReference
        {
            Group = "",
            Kind = "Service",
            Namespace = parts.Length == 2 ? parts[0] : null,
            Name = parts[^1],
            Port = port,
            SectionName = section,
        };
    }

    public static HTTPRouteMatch PathMatch(string value, PathMatchType type = PathMatchType.PathPrefix) =>
        new() { Path = new HTTPPathMatch { Type = type, Value = value } };

    public static HTTPBackendRef Backend(string name, int? port = 80, int? weight = null) => new() { Name = name, Port = port, Weight = weight };

    public static HTTPRouteRule Rule(HTTPRouteMatch match, params HTTPBackendRef[] backends) => new() { Matches = [match], BackendRefs = backends };

    private static V1ObjectMeta Labelled(string name, (string Key, string? Value) label)
    {
        var metadata = Metadata(name);
        metadata.Labels = label.Value is { } value ? new Dictionary<string, string>(StringComparer.Ordinal) { [label.Key] = value } : null;
        return metadata;
    }
}
