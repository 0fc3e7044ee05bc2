// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Mesh.NodeAgent.Supervision;

/// <summary>Says in one line why Envoy ended, from how it ended and the last lines of its log.</summary>
internal static partial class CrashReport
{
    private const int ShownLines = 3;

    public static string Of(string how, string log)
    {
        if (BindPattern().Match(log) is { Success: true } bind)
        {
            return $"{how}: address {bind.Groups["address"].Value} is in use by another process";
        }

        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var telling = lines.Where(line => line.Contains("[critical]", StringComparison.Ordinal) || line.Contains("[error]", StringComparison.Ordinal)).ToList();
        var shown = (telling.Count > 0 ? telling : [.. lines]).TakeLast(ShownLines).Select(WithoutPrefix).Distinct(StringComparer.Ordinal);
        return string.Join(" | ", [how, .. shown]);
    }

    /// <summary>Drops Envoy's "[time][thread][level][component] [file:line] ".</summary>
    private static string WithoutPrefix(string line) => PrefixPattern().Replace(line, "");

    [GeneratedRegex(@"cannot bind '(?<address>[^']+)': Address (already )?in use", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BindPattern();

    [GeneratedRegex(@"^(\[[^\]]*\] ?)+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PrefixPattern();
}
