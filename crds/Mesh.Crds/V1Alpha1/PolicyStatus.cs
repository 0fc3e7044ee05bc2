// SPDX-License-Identifier: Apache-2.0
using KubeOps.Abstractions.Entities.Attributes;
using Mesh.Crds.Schema;

namespace Mesh.Crds.V1Alpha1;

[Description("What is in force, and where. Written by the operator.")]
public sealed record PolicyStatus
{
    [Description("Accepted: the object is valid and not overridden. ResolvedRefs: everything it names exists. Programmed: the proxies have it. "
        + "In a cluster also Ready: all three; and Stalled where only a change by a user helps.")]
    [XListMapKeys("type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }

    [Description("The generation that all of this was judged by.")]
    public long? ObservedGeneration { get; init; }

    [Description("Counts of proxies.")]
    public ProxyCounts? Proxies { get; init; }

    [Description("Ready-made texts for columns.")]
    public StatusSummary? Summary { get; init; }
}

[Description("Counts of proxies.")]
public sealed record ProxyCounts
{
    [Description("Proxies that are connected and for which this is meant.")]
    public int? Desired { get; init; }

    [Description("Proxies on which this generation is in force.")]
    public int? Applied { get; init; }

    [Description("Proxies that refused this generation.")]
    public int? Rejected { get; init; }
}

[Description("Texts for columns.")]
public sealed record StatusSummary
{
    [Description("Applied of desired proxies, \"37/40\".")]
    public string? Proxies { get; init; }

    [Description("The first target, with the count of further ones.")]
    public string? Target { get; init; }
}

[Description("One aspect of the object's state (KEP-1623).")]
public sealed record Condition
{
    [Description("Name of the aspect.")]
    [Required]
    [Length(1, 316)]
    public string? Type { get; init; }

    [Description("True, False or Unknown.")]
    [Required]
    public ConditionStatus? Status { get; init; }

    [Description("The generation that this was judged by.")]
    public long? ObservedGeneration { get; init; }

    [Description("When status last changed.")]
    [Required]
    public DateTime? LastTransitionTime { get; init; }

    [Description("Machine-readable reason in CamelCase.")]
    [Required]
    [Length(1, 1024)]
    public string? Reason { get; init; }

    [Description("For people: what is so, where, and what would be right.")]
    [Required]
    [Length(0, 32768)]
    public string? Message { get; init; }
}

public enum ConditionStatus
{
    True,
    False,
    Unknown,
}
