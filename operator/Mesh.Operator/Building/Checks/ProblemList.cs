// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Building.Checks;

/// <summary>Something wrong at one place of an object; what it means for the whole object is decided where all of them are known.</summary>
internal sealed record Problem(FindingCondition Condition, string Reason, string Path, string Message);

/// <summary>Gathers the problems of one object, or of one part of it, while it is read.</summary>
internal sealed class ProblemList
{
    private readonly List<Problem> items = [];

    public IReadOnlyList<Problem> Items => items;

    /// <summary>Problems that refuse the part they were found in; an unresolved reference does not.</summary>
    public int Refusals { get; private set; }

    public void Invalid(string path, string message) => Refuse(Reasons.Invalid, path, message);

    public void Unsupported(string path, string message) => Refuse(Reasons.UnsupportedValue, path, message);

    public void Unresolved(string reason, string path, string message) =>
        items.Add(new Problem(FindingCondition.ResolvedRefs, reason, path, message));

    private void Refuse(string reason, string path, string message)
    {
        items.Add(new Problem(FindingCondition.Accepted, reason, path, message));
        Refusals++;
    }
}
