// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.InteropServices;

namespace Mesh.Benchmarks;

/// <summary>Prints results as Markdown, to be read or to be put into BENCHMARKS.md.</summary>
internal static class Report
{
    public static void Heading() => Say(
        $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {RuntimeInformation.FrameworkDescription}");

    public static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    public static void Table(string title, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        Console.WriteLine($"\n### {title}\n");
        Console.WriteLine($"| {string.Join(" | ", head)} |");
        Console.WriteLine($"|{string.Concat(Enumerable.Repeat("---|", head.Count))}");
        foreach (var row in rows)
        {
            Console.WriteLine($"| {string.Join(" | ", row)} |");
        }

        Console.WriteLine();
    }

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    public static string Duration(TimeSpan time) =>
        time < TimeSpan.FromMilliseconds(1) ? Text($"{time.TotalMicroseconds:0.0} µs") : Text($"{time.TotalMilliseconds:0.0} ms");

    /// <summary>The smallest value that at least <paramref name="percent"/> percent of the values do not exceed.</summary>
    public static TimeSpan Percentile(IReadOnlyCollection<TimeSpan> values, int percent)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * percent / 100.0) - 1)];
    }

    public static string Percentiles(IReadOnlyCollection<TimeSpan> values) => values.Count == 0
        ? "–"
        : Text($"{Percentile(values, 50).TotalMilliseconds:0.0} / {Percentile(values, 99).TotalMilliseconds:0.0} ms");

    /// <summary>Half, all but one in a hundred, and the slowest.</summary>
    public static string Spread(IReadOnlyCollection<TimeSpan> values) => Text(
        $"{Percentile(values, 50).TotalMilliseconds:0.0} / {Percentile(values, 99).TotalMilliseconds:0.0} / {values.Max().TotalMilliseconds:0.0} ms");

    public static string Megabytes(long bytes) => Text($"{bytes / 1e6:0.0} MB");

    public static void Verdict(string goal, bool isMet) => Say($"Goal: {goal}. {(isMet ? "**Met.**" : "**Not met.**")}");

    /// <summary>Says why nothing is measured when there is no Envoy.</summary>
    public static string? RequireEnvoy(string benchmark)
    {
        if (Environment.GetEnvironmentVariable("ENVOY_BIN") is { Length: > 0 } path && File.Exists(path))
        {
            return path;
        }

        Say($"\n{benchmark}: skipped, ENVOY_BIN names no Envoy executable");
        return null;
    }
}
