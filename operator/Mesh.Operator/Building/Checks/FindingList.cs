// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;

namespace Mesh.Operator.Building.Checks;

/// <summary>Gathers the findings of one object.</summary>
internal sealed class FindingList(UserObject source)
{
    private readonly List<Finding> items = [];

    public IReadOnlyList<Finding> Items => items;

    public void Add(Finding finding) => items.Add(finding);

    /// <summary>Adds problems of the object as a whole.</summary>
    public void Add(ProblemList problems, bool isPartial)
    {
        foreach (var problem in problems.Items)
        {
            Add(new Finding(
                source.Reference,
                Parent: null,
                problem.Condition,
                problem.Reason,
                problem.Path,
                problem.Message,
                isPartial && problem.Condition == FindingCondition.Accepted));
        }
    }

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
