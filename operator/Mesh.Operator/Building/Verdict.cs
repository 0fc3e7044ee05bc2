// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Core;
using Mesh.Model;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Building.Routes;
using Mesh.Operator.Building.Services;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building;

/// <summary>All that is wrong with an object.</summary>
/// <param name="Findings">In the order in which they are shown; not empty.</param>
internal sealed record Verdict(EquatableArray<Finding> Findings)
{
    /// <summary>Null where nothing is wrong.</summary>
    public static Verdict? Build(ObjectKey key, Lookups lookups)
    {
        var findings = new List<Finding>(SourceProblems.Of(key, lookups));
        if (CoreChecks.Of(key, lookups) is { } own)
        {
            findings.Add(own);
        }

        if (lookups.Self is Service service)
        {
            findings.AddRange(AddressChecks.Of(UserObject.Of(key, service), lookups));
        }

        if (Reading.IsOf(key))
        {
            findings.AddRange(OfRules(lookups));
            findings.AddRange(lookups.Claim?.Route is { } route ? ConsumerChecks.Of(route, lookups) : []);
        }

        return findings.Count == 0 ? null : new Verdict(FindingList.Sort(findings));
    }

    /// <summary>What is wrong with what a Mesh, a policy or a route says.</summary>
    public static IEnumerable<Finding> OfRules(Lookups lookups)
    {
        var claim = lookups.Claim;
        IEnumerable<Finding> own = [.. lookups.Reading?.Findings ?? [], .. claim?.Findings ?? []];
        return claim?.Route is { } route ? own.Concat(DisplacedChecks.Of(route, lookups)) : own;
    }
}
