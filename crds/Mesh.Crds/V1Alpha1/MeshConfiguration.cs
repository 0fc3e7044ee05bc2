// SPDX-License-Identifier: Apache-2.0
using k8s.Models;
using KubeOps.Abstractions.Entities;
using KubeOps.Abstractions.Entities.Attributes;
using Mesh.Crds.Features;
using Mesh.Crds.Schema;

namespace Mesh.Crds.V1Alpha1;

/// <summary>The kind <c>Mesh</c>; the C# name differs because the product's namespace is called so.</summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = "v1alpha1", Kind = "Mesh", PluralName = "meshes")]
[EntityScope(EntityScope.Cluster)]
[Categories(ApiGroup.Category)]
[Description("Settings of the whole mesh. There is one, named \"default\"; without it every field has its default.")]
[ValidationRule("self.metadata.name == 'default'", message: "there is one Mesh, and its name is \"default\"")]
[GenericAdditionalPrinterColumn(".status.conditions[?(@.type==\"Accepted\")].status", "Accepted", "string")]
[GenericAdditionalPrinterColumn(".status.conditions[?(@.type==\"Programmed\")].status", "Programmed", "string")]
[GenericAdditionalPrinterColumn(".status.summary.proxies", "Proxies", "string")]
[GenericAdditionalPrinterColumn(".status.conditions[?(@.type==\"Programmed\")].reason", "Reason", "string", Priority = PrinterColumnPriority.WideView)]
[GenericAdditionalPrinterColumn(".metadata.creationTimestamp", "Age", "date")]
public sealed class MeshConfiguration : CustomKubernetesEntity<MeshSpec, PolicyStatus>;

public enum OutboundTrafficMode
{
    Passthrough,
    Block,
}

[Description("Settings of the whole mesh.")]
[DefaultValue("{}", Json = true)]
public sealed record MeshSpec
{
    [Description("What becomes of captured connections to addresses outside serviceCIDRs and podCIDRs. Like these it is about redirected traffic: without effect in loopback capture.")]
    [DefaultValue("\"Passthrough\"", Json = true)]
    public OutboundTrafficMode? OutboundTraffic { get; init; }

    [Description("Ranges of service addresses: traffic to them is routed by service.")]
    [Items(1, 16)]
    [Length(1, 49)]
    [Format("cidr")]
    [DefaultValue("[\"10.96.0.0/12\",\"127.96.0.0/12\",\"240.240.0.0/16\"]", Json = true)]
    public IReadOnlyList<string>? ServiceCIDRs { get; init; }

    [Description("Ranges of pod addresses: traffic to them goes to that very pod.")]
    [Items(1, 16)]
    [Length(1, 49)]
    [Format("cidr")]
    [DefaultValue("[\"10.244.0.0/16\",\"127.1.0.0/16\"]", Json = true)]
    public IReadOnlyList<string>? PodCIDRs { get; init; }

    [Description("Features of every service, unless a TrafficPolicy says otherwise.")]
    public MeshDefaults? Defaults { get; init; }
}

[Description("Features of every service.")]
public sealed record MeshDefaults : TrafficFeatures;
