// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Mesh.Model;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building;

/// <summary>Turns what the source could not read into findings of the object.</summary>
internal static class SourceProblems
{
    public static IEnumerable<Finding> Of(ObjectKey key, Lookups lookups)
    {
        if (lookups.Problems.IsEmpty)
        {
            return [];
        }

        var exists = lookups.Self is not null;
        var lastGood = lookups.Self?.Metadata?.Generation;
        return lookups.Problems.Select(problem => new Finding(
            new ResourceRef(key.Kind, key.Namespace, key.Name, problem.Generation),
            Parent: null,
            FindingCondition.Accepted,
            Reasons.Invalid,
            problem.Path,
            Message(key, problem, exists, lastGood ?? 0)));
    }

    /// <summary>The path is the finding's own, and stands before the message wherever one is shown.</summary>
    private static string Message(ObjectKey key, SourceProblem problem, bool exists, long lastGood)
    {
        var text = new StringBuilder(problem.Message);
        if (problem.File.Length > 0)
        {
            text.Append(" (").Append(problem.File);
            if (problem.Line > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $":{problem.Line}");
            }

            text.Append(')');
        }

        if (key.Kind == ObjectKeys.FileKind)
        {
            // A file serves nothing; its objects have problems of their own.
            return text.ToString();
        }

        return exists
            ? text.Append(CultureInfo.InvariantCulture, $"; the last good version (generation {lastGood}) keeps serving").ToString()
            : text.Append("; there is no earlier version that could serve").ToString();
    }
}
