// SPDX-License-Identifier: Apache-2.0
using KubeOps.Abstractions.Entities.Attributes;
using Mesh.Crds.Schema;
using Mesh.Crds.V1Alpha1;

namespace Mesh.Crds.GatewayApi;

public static class GatewayApiGroup
{
    public const string Name = "gateway.networking.k8s.io";
}

[Description("What a route is attached to.")]
public sealed record ParentReference
{
    [Description("API group; \"\" for a Service.")]
    [Length(0, 253)]
    [Pattern(Patterns.Group)]
    [DefaultValue("\"gateway.networking.k8s.io\"", Json = true)]
    public string? Group { get; init; }

    [Description("Kind; Service for the mesh.")]
    [Length(1, 63)]
    [Pattern(Patterns.Kind)]
    [DefaultValue("\"Gateway\"", Json = true)]
    public string? Kind { get; init; }

    [Description("Namespace; the route's own without a value.")]
    [Length(1, 63)]
    [Pattern(Patterns.Label)]
    public string? Namespace { get; init; }

    [Description("Name.")]
    [Required]
    [Length(1, 253)]
    public string? Name { get; init; }

    [Description("Name of a port of the Service.")]
    [Length(1, 253)]
    [Pattern(Patterns.Subdomain)]
    public string? SectionName { get; init; }

    [Description("Number of a port of the Service; all ports without a value.")]
    [RangeMinimum(1)]
    [RangeMaximum(65535)]
    public int? Port { get; init; }
}

[Description("A Service that takes traffic.")]
[ValidationRule("size(self.group) != 0 || self.kind != 'Service' || has(self.port)", message: "port is needed for a Service")]
public record BackendObjectReference
{
    [Description("API group; \"\" for a Service.")]
    [Length(0, 253)]
    [Pattern(Patterns.Group)]
    [DefaultValue("\"\"", Json = true)]
    public string? Group { get; init; }

    [Description("Kind.")]
    [Length(1, 63)]
    [Pattern(Patterns.Kind)]
    [DefaultValue("\"Service\"", Json = true)]
    public string? Kind { get; init; }

    [Description("Name.")]
    [Required]
    [Length(1, 253)]
    public string? Name { get; init; }

    [Description("Namespace; the route's own without a value.")]
    [Length(1, 63)]
    [Pattern(Patterns.Label)]
    public string? Namespace { get; init; }

    [Description("Port of the Service; needed for a Service.")]
    [RangeMinimum(1)]
    [RangeMaximum(65535)]
    public int? Port { get; init; }
}

[Description("A Service with its share.")]
public record BackendReference : BackendObjectReference
{
    [Description("Share in proportion to the sum of all weights.")]
    [RangeMinimum(0)]
    [RangeMaximum(1000000)]
    [DefaultValue("1", Json = true)]
    public int? Weight { get; init; }
}

[Description("State of a route, an entry for each parent and controller.")]
public sealed record RouteStatus
{
    [Description("Parents.")]
    [Required]
    [Items(0, 32)]
    public IReadOnlyList<RouteParentStatus>? Parents { get; init; }
}

[Description("State of a route at one parent.")]
public sealed record RouteParentStatus
{
    [Description("The parent.")]
    [Required]
    public ParentReference? ParentRef { get; init; }

    [Description("Who wrote this.")]
    [Required]
    public string? ControllerName { get; init; }

    [Description("Conditions.")]
    [Required]
    [Items(1, 8)]
    [XListMapKeys("type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}
