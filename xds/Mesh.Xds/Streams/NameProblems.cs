// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Streams;

/// <summary>What is wrong with names that a proxy asks for, until it is told.</summary>
internal sealed class NameProblems
{
    // A proxy that asks for a million bad names is told of in a few lines.
    private const int Most = 16;

    private List<NameProblem>? problems;

    public void Add(ResourceKey key, string problem)
    {
        problems ??= [];
        if (problems.Count < Most)
        {
            problems.Add(new NameProblem(key, problem));
        }
    }

    public IReadOnlyList<NameProblem> Take()
    {
        IReadOnlyList<NameProblem>? taken = problems;
        problems = null;
        return taken ?? [];
    }
}

/// <param name="Key">Type and name as the proxy writes them.</param>
/// <param name="Problem">What is wrong with it, and what would be right.</param>
internal sealed record NameProblem(ResourceKey Key, string Problem);
