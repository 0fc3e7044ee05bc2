// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;

namespace Mesh.Crds.Core;

/// <summary>Base of the slim types of built-in kinds: only what the mesh reads, since thousands of them are held.</summary>
public abstract class CoreEntity : KubernetesObject, IKubernetesObject<V1ObjectMeta>
{
    public V1ObjectMeta Metadata { get; set; } = new();
}

[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Namespace", PluralName = "namespaces")]
public sealed class Namespace : CoreEntity;

[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "ServiceAccount", PluralName = "serviceaccounts")]
public sealed class ServiceAccount : CoreEntity;

[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Service", PluralName = "services")]
public sealed class Service : CoreEntity
{
    public ServiceSpec? Spec { get; init; }
}

public sealed record ServiceSpec
{
    public string? Type { get; init; }

    public string? ClusterIP { get; init; }

    public IReadOnlyList<string>? ClusterIPs { get; init; }

    public IReadOnlyDictionary<string, string>? Selector { get; init; }

    public IReadOnlyList<ServicePort>? Ports { get; init; }
}

public sealed record ServicePort
{
    public string? Name { get; init; }

    public string? Protocol { get; init; }

    public string? AppProtocol { get; init; }

    public int? Port { get; init; }

    /// <summary>Number or name; the port's own number without a value.</summary>
    public IntOrString? TargetPort { get; init; }
}

[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Pod", PluralName = "pods")]
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
    public string? Phase { get; init; }

    public string? PodIP { get; init; }

    public IReadOnlyList<PodAddress>? PodIPs { get; init; }
}

public sealed record PodAddress
{
    public string? Ip { get; init; }
}

[KubernetesEntity(Group = "discovery.k8s.io", ApiVersion = "v1", Kind = "EndpointSlice", PluralName = "endpointslices")]
public sealed class EndpointSlice : CoreEntity
{
    public const string ServiceNameLabel = "kubernetes.io/service-name";

    public string? AddressType { get; init; }

    public IReadOnlyList<SliceEndpoint>? Endpoints { get; init; }

    public IReadOnlyList<SlicePort>? Ports { get; init; }
}

public sealed record SliceEndpoint
{
    public IReadOnlyList<string>? Addresses { get; init; }

    public EndpointConditions? Conditions { get; init; }

    public string? Zone { get; init; }

    public string? NodeName { get; init; }

    public ObjectReference? TargetRef { get; init; }
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

    public string? Protocol { get; init; }

    public int? Port { get; init; }

    public string? AppProtocol { get; init; }
}
