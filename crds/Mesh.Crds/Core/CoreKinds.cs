// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using KubeOps.Abstractions.Entities;
using KubeOps.Abstractions.Entities.Attributes;
using Mesh.Crds.Schema;

namespace Mesh.Crds.Core;

/// <summary>Base of the slim types of built-in kinds: only what the mesh reads, since thousands of them are held.</summary>
public abstract class CoreEntity : KubernetesObject, IKubernetesObject<V1ObjectMeta>
{
    public V1ObjectMeta Metadata { get; set; } = new();
}

[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Namespace", PluralName = "namespaces")]
[EntityScope(EntityScope.Cluster)]
[Description("A namespace.")]
public sealed class Namespace : CoreEntity;

[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Node", PluralName = "nodes")]
[EntityScope(EntityScope.Cluster)]
[Description("A machine: its labels tell the zone that it is in.")]
public sealed class Node : CoreEntity
{
    public const string ZoneLabel = "topology.kubernetes.io/zone";
}

[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "ServiceAccount", PluralName = "serviceaccounts")]
[Description("An account that pods run under.")]
public sealed class ServiceAccount : CoreEntity;

[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Service", PluralName = "services")]
[Description("A service: what requests are sent to.")]
public sealed class Service : CoreEntity
{
    [Description("Ports and addresses.")]
    [Required]
    public ServiceSpec? Spec { get; init; }
}

public sealed record ServiceSpec
{
    [OneOf("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")]
    public string? Type { get; init; }

    [Format("cluster-ip")]
    public string? ClusterIP { get; init; }

    [Items(0, 2)]
    [Format("cluster-ip")]
    public IReadOnlyList<string>? ClusterIPs { get; init; }

    [Description("The families of its addresses; the first is the one to prefer.")]
    [Items(0, 2)]
    public IReadOnlyList<string>? IpFamilies { get; init; }

    public IReadOnlyDictionary<string, string>? Selector { get; init; }

    [Description("Local: requests go to endpoints on the client's own node only.")]
    [OneOf("Cluster", "Local")]
    public string? InternalTrafficPolicy { get; init; }

    [Description("PreferSameZone (also called PreferClose) or PreferSameNode: endpoints near the client go before others.")]
    public string? TrafficDistribution { get; init; }

    [Description("ClientIP: requests of one client address go to one endpoint.")]
    [OneOf("None", "ClientIP")]
    public string? SessionAffinity { get; init; }

    [Description("Pods count as endpoints before they are ready.")]
    public bool? PublishNotReadyAddresses { get; init; }

    [XListMapKeys("port", "protocol")]
    [ValidationRule("size(self) <= 1 || self.all(p, has(p.name) && p.name != '')", message: "every port needs a name where there are several")]
    [ValidationRule("self.all(p, !has(p.name) || self.exists_one(q, has(q.name) && q.name == p.name))",
        message: "two ports have the same name")]
    public IReadOnlyList<ServicePort>? Ports { get; init; }
}

public sealed record ServicePort
{
    public string? Name { get; init; }

    [OneOf("TCP", "UDP", "SCTP")]
    [DefaultValue("TCP")]
    public string? Protocol { get; init; }

    public string? AppProtocol { get; init; }

    [Description("The port that clients use.")]
    [Required]
    [RangeMinimum(1)]
    [RangeMaximum(65535)]
    public int? Port { get; init; }

    /// <summary>Number or name; the port's own number without a value.</summary>
    [RangeMinimum(1)]
    [RangeMaximum(65535)]
    public IntOrString? TargetPort { get; init; }
}

[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Pod", PluralName = "pods")]
[Description("A pod: the source address of its requests tells who asks.")]
public sealed class Pod : CoreEntity
{
    public PodSpec? Spec { get; init; }

    public PodStatus? Status { get; init; }
}

public sealed record PodSpec
{
    public string? NodeName { get; init; }

    public string? ServiceAccountName { get; init; }

    public bool? HostNetwork { get; init; }

    public IReadOnlyList<PodContainer>? Containers { get; init; }
}

public sealed record PodContainer
{
    public IReadOnlyList<PodContainerPort>? Ports { get; init; }
}

/// <summary>A named port, which a Service's targetPort may name.</summary>
public sealed record PodContainerPort
{
    public string? Name { get; init; }

    public int? ContainerPort { get; init; }

    public string? Protocol { get; init; }
}

public sealed record PodStatus
{
    [OneOf("Pending", "Running", "Succeeded", "Failed", "Unknown")]
    public string? Phase { get; init; }

    [Format("ip")]
    public string? PodIP { get; init; }

    public IReadOnlyList<PodAddress>? PodIPs { get; init; }

    public IReadOnlyList<PodCondition>? Conditions { get; init; }
}

public sealed record PodCondition
{
    public const string Ready = "Ready";

    public string? Type { get; init; }

    [OneOf("True", "False", "Unknown")]
    public string? Status { get; init; }
}

public sealed record PodAddress
{
    [Format("ip")]
    public string? Ip { get; init; }
}

[KubernetesEntity(Group = "discovery.k8s.io", ApiVersion = "v1", Kind = "EndpointSlice", PluralName = "endpointslices")]
[Description("Addresses behind a service.")]
public sealed class EndpointSlice : CoreEntity
{
    public const string ServiceNameLabel = "kubernetes.io/service-name";

    /// <summary>An address type that names nothing to connect to.</summary>
    public const string HostNames = "FQDN";

    [Description("IPv4 or IPv6.")]
    [Required]
    [OneOf("IPv4", "IPv6")]
    [UnsupportedValues(HostNames)]
    public string? AddressType { get; init; }

    public IReadOnlyList<SliceEndpoint>? Endpoints { get; init; }

    public IReadOnlyList<SlicePort>? Ports { get; init; }
}

public sealed record SliceEndpoint
{
    [Description("The endpoint's addresses.")]
    [Required]
    [Items(1, 100)]
    [Format("ip")]
    public IReadOnlyList<string>? Addresses { get; init; }

    public EndpointConditions? Conditions { get; init; }

    public string? Zone { get; init; }

    public string? NodeName { get; init; }

    public EndpointHints? Hints { get; init; }

    public ObjectReference? TargetRef { get; init; }
}

/// <summary>Whose clients the endpoint is meant for, by trafficDistribution or topology-aware routing.</summary>
public sealed record EndpointHints
{
    public IReadOnlyList<NamedHint>? ForZones { get; init; }

    public IReadOnlyList<NamedHint>? ForNodes { get; init; }
}

public sealed record NamedHint
{
    [Required]
    public string? Name { get; init; }
}

public sealed record EndpointConditions
{
    /// <summary>Null means ready (Kubernetes: unknown is treated as ready).</summary>
    public bool? Ready { get; init; }

    public bool? Serving { get; init; }

    public bool? Terminating { get; init; }
}

public sealed record ObjectReference
{
    public string? Kind { get; init; }

    public string? Name { get; init; }

    public string? Namespace { get; init; }
}

public sealed record SlicePort
{
    /// <summary>The name of the Service's port.</summary>
    public string? Name { get; init; }

    [OneOf("TCP", "UDP", "SCTP")]
    [DefaultValue("TCP")]
    public string? Protocol { get; init; }

    [RangeMinimum(1)]
    [RangeMaximum(65535)]
    public int? Port { get; init; }

    public string? AppProtocol { get; init; }
}
