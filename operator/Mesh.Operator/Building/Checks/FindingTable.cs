// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Checks;

/// <summary>Gathers the findings of a build by object.</summary>
internal sealed class FindingTable
{
    private readonly Dictionary<ObjectKey, List<Finding>> findings = [];

    public void Add(UserObject source, Finding finding) => Add(source.Key, finding);

    public void Add(ObjectKey key, Finding finding)
    {
        if (!findings.TryGetValue(key, out var list))
        {
            findings.Add(key, list = []);
        }

        list.Add(finding);
    }

    /// <summary>Adds problems of an object as a whole.</summary>
    public void Add(UserObject source, ProblemList problems, bool isPartial)
    {
        foreach (var problem in problems.Items)
        {
            Add(source, new Finding(
                source.Reference,
                Parent: null,
                problem.Condition,
                problem.Reason,
                problem.Path,
                problem.Message,
                isPartial && problem.Condition == FindingCondition.Accepted));
        }
    }

    public ImmutableDictionary<ObjectKey, EquatableArray<Finding>> ToImmutable() =>
        findings.ToImmutableDictionary(pair => pair.Key, pair => Sort(pair.Value));

    /// <summary>An object's findings in the order in which they are shown.</summary>
    public static EquatableArray<Finding> Sort(IEnumerable<Finding> findings) => findings
        .Distinct()
        .OrderBy(finding => finding.Object)
        .ThenBy(finding => finding.Condition)
        .ThenBy(finding => finding.IsPartial)
        .ThenBy(finding => finding.Parent ?? -1)
        .ThenBy(finding => finding.Path, StringComparer.Ordinal)
        .ThenBy(finding => finding.Message, StringComparer.Ordinal)
        .ToEquatableArray();
}
