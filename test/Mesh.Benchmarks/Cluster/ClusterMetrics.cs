// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Testing;

namespace Mesh.Benchmarks.Cluster;

/// <summary>What the operator tells of itself at one moment.</summary>
internal sealed class ClusterMetrics
{
    private readonly Dictionary<string, double> values;

    private ClusterMetrics(Dictionary<string, double> values) => this.values = values;

    public static async Task<ClusterMetrics> ReadAsync(ProgramProcess program)
    {
        var text = await program.AnswerAsync("/metrics", static _ => true);
        return new ClusterMetrics(text.Split('\n')
            .Where(static line => line.StartsWith("mesh_", StringComparison.Ordinal) && !line.Contains('{', StringComparison.Ordinal))
            .Select(static line => line.Split(' '))
            .ToDictionary(static parts => parts[0], static parts => double.Parse(parts[1], CultureInfo.InvariantCulture), StringComparer.Ordinal));
    }

    /// <summary>Mean of a histogram since then, with the number of its observations.</summary>
    public string Mean(ClusterMetrics since, string histogram)
    {
        var count = Grown(since, histogram + "_count");
        return count == 0 ? "none" : Report.Text($"{1000 * Grown(since, histogram + "_sum") / count:0.0} ms ({count:0} times)");
    }

    private double Grown(ClusterMetrics since, string name) => values.GetValueOrDefault(name) - since.values.GetValueOrDefault(name);
}
