// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Building.Checks;

namespace Mesh.Operator.Building.Routes;

/// <summary>What a path may look like where it is matched, and where it is written.</summary>
internal static class PathChecks
{
    public static string WithoutTrailingSlash(string path)
    {
        var trimmed = path.TrimEnd('/');
        return trimmed.Length == 0 ? "/" : trimmed;
    }

    public static bool IsMatchable(string value, string path, ProblemList problems) => IsPath(value, path, problems)
        && Check(!value.Contains("//", StringComparison.Ordinal), path, "must not contain \"//\"", problems)
        && Check(!value.Contains('?', StringComparison.Ordinal), path, "must not contain \"?\": a path ends before it", problems);

    public static bool IsPath(string value, string path, ProblemList problems) =>
        Check(value.StartsWith('/'), path, "must start with \"/\"", problems)
        && Check(!value.Contains('#', StringComparison.Ordinal), path, "must not contain \"#\": a path ends before it", problems)
        && Check(!value.Any(c => char.IsControl(c) || c == ' '), path, "must not contain spaces or control characters", problems);

    private static bool Check(bool isRight, string path, string message, ProblemList problems)
    {
        if (!isRight)
        {
            problems.Invalid(path, message);
        }

        return isRight;
    }
}
