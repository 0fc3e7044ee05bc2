// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Features;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building;

/// <summary>What the <c>Mesh</c> object says.</summary>
/// <param name="Source">Null where there is none that is valid.</param>
/// <param name="Settings">Settings of the whole mesh.</param>
/// <param name="Defaults">Features of every service.</param>
internal sealed record MeshBasis(UserObject? Source, MeshSettings Settings, FeatureSet? Defaults)
{
    public static MeshBasis Default { get; } = new(null, MeshSettings.Default, null);
}

internal static class MeshBuilder
{
    public static ObjectKey TheMesh { get; } = new("Mesh", "", "default");

    /// <summary>With findings alone where it is invalid.</summary>
    public static Reading Build(ObjectKey key, MeshConfiguration mesh)
    {
        var source = UserObject.Of(key, mesh);
        var problems = new ProblemList();
        var basis = Build(source, mesh.Spec ?? new MeshSpec(), problems);
        if (key != TheMesh)
        {
            problems = new ProblemList();
            problems.Invalid("metadata.name", $"there is one Mesh, and its name is \"{TheMesh.Name}\"");
        }

        var findings = new FindingList(source);
        findings.Add(problems, isPartial: false);
        return new Reading(findings.Items.ToEquatableArray()) { Mesh = problems.Refusals == 0 ? basis : null };
    }

    private static MeshBasis Build(UserObject source, MeshSpec spec, ProblemList problems)
    {
        var outbound = SpecChecks.Known(spec.OutboundTraffic, "spec.outboundTraffic", problems) ?? OutboundTrafficMode.Passthrough;
        var settings = new MeshSettings
        {
            OutboundTraffic = outbound switch
            {
                OutboundTrafficMode.Passthrough => OutboundTraffic.Passthrough,
                OutboundTrafficMode.Block => OutboundTraffic.Block,
            },
            ServiceCidrs = Cidrs(spec.ServiceCIDRs, MeshSettings.Default.ServiceCidrs, "spec.serviceCIDRs", problems),
            PodCidrs = Cidrs(spec.PodCIDRs, MeshSettings.Default.PodCidrs, "spec.podCIDRs", problems),
            Origins = Origins.Of(source.Reference),
        };
        var defaults = spec.Defaults is null
            ? null
            : FeatureSetBuilder.Build(source.Reference, spec.Defaults, fault: null, ("spec.defaults", problems));
        return new MeshBasis(source, settings, defaults);
    }

    private static EquatableArray<string> Cidrs(
        IReadOnlyList<string>? texts, EquatableArray<string> byDefault, string path, ProblemList problems)
    {
        if (texts is null)
        {
            return byDefault;
        }

        if (texts.Count == 0)
        {
            problems.Invalid(path, "give at least one range, or leave the field out for the default");
        }

        var ranges = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (text, itemPath, _) in SpecChecks.Each(texts, path, problems))
        {
            // The parser would also read "10/8", as 0.0.0.10/8; a range written by another than its first address is taken as it is meant.
            if ((text.Count(c => c == '.') == 3 || text.Contains(':', StringComparison.Ordinal)) && IPNetwork.TryParse(text, out var network))
            {
                ranges.Add(network.ToString());
            }
            else
            {
                problems.Invalid(
                    itemPath,
                    $"\"{text}\" is not a range of addresses; write an address and a length, \"10.96.0.0/12\" say");
            }
        }

        return ranges.ToEquatableArray();
    }
}
