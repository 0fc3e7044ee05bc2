// SPDX-License-Identifier: Apache-2.0
using KubeOps.Abstractions.Entities.Attributes;
using Mesh.Crds.Schema;

namespace Mesh.Crds.V1Alpha1;

[Description("What the node's proxy has and has not. Of a proxy that is gone it says what was known last.")]
public sealed record MeshNodeStatus
{
    [Description("Connected: the proxy has a stream to the operator, since its lastTransitionTime. Programmed: the proxy has acknowledged its "
        + "newest configuration and refused none of it. Ready: both.")]
    [XListMapKeys("type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }

    [Description("The generation that this was judged by.")]
    public long? ObservedGeneration { get; init; }

    [Description("Envoy's version, as it says itself.")]
    [Length(0, 128)]
    public string? ProxyVersion { get; init; }

    [Description("How connections of pods come into the proxy.")]
    [OneOf("Loopback", "Redirect")]
    public string? CaptureMode { get; init; }

    [Description("The zone of the Node of this name, by its label topology.kubernetes.io/zone: endpoints that are meant for it are called first.")]
    [Length(0, 63)]
    public string? Zone { get; init; }

    [Description("The newest configuration that the proxy has acknowledged.")]
    public MeshNodeConfig? Config { get; init; }

    [Description("Resources that the proxy refused, or that are withheld since it would.")]
    public int? RejectedCount { get; init; }

    [Description("The first of them by name.")]
    [Items(0, 10)]
    public IReadOnlyList<RejectedNodeResource>? Rejected { get; init; }
}

[Description("A configuration of a proxy. Its progress is written at most once a minute.")]
public sealed record MeshNodeConfig
{
    [Description("Hash of everything that the proxy may have: equal on nodes with equal configuration, and from every replica of the operator.")]
    [Length(0, 64)]
    public string? Version { get; init; }

    [Description("When the proxy acknowledged it.")]
    public DateTime? AcknowledgedTime { get; init; }

    [Description("Pods of the node that are enrolled.")]
    public int? Workloads { get; init; }
}

[Description("A resource that is not in force on the proxy in its newest version.")]
public sealed record RejectedNodeResource
{
    [Description("Type and name of the xDS resource.")]
    [Required]
    [Length(1, 300)]
    public string? Resource { get; init; }

    [Description("RejectedByProxy: Envoy refused it. Withheld: it was not sent, since it breaks a rule of Envoy's API.")]
    [Required]
    [OneOf("RejectedByProxy", "Withheld")]
    public string? Reason { get; init; }

    [Description("Envoy's words, or the rule that it breaks; cut at 512 characters.")]
    [Required]
    [Length(0, 520)]
    public string? Message { get; init; }
}
