// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Sample.Folder;
using Mesh.Sample.Traffic;

namespace Mesh.Sample.Table;

/// <summary>One target: what is seen, and what its route asks for.</summary>
internal sealed record TargetLine
{
    /// <summary>Standard errors that a share may be off by chance: one run in some fifteen thousand is more.</summary>
    private const double Tolerance = 4;

    public required CallTarget Target { get; init; }

    public required TrafficSummary Seen { get; init; }

    /// <summary>Share by version, null when no route says.</summary>
    public required IReadOnlyDictionary<string, double>? Wanted { get; init; }

    public string Versions => Seen.Versions.Count == 0
        ? "-"
        : string.Join("  ", Seen.Versions.Keys.Select(version => string.Create(CultureInfo.InvariantCulture, $"{version} {100 * Seen.ShareOf(version):0.0} %")));

    public string WantedText => Wanted is null
        ? ""
        : string.Join("  ", Wanted.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {100 * pair.Value:0.#} %")));

    public string Errors => Seen.Failed == 0
        ? "0 %"
        : string.Create(CultureInfo.InvariantCulture, $"{100.0 * Seen.Failed / Seen.Calls:0.#} % ({string.Join(", ", Seen.Errors.Keys)})");

    /// <summary>Null when enough calls went as they should.</summary>
    public string? Shortcoming(int calls)
    {
        if (Seen.Failed > 0)
        {
            return $"{Target.Name}: {Errors} of {Seen.Calls} calls failed";
        }

        if (Seen.Calls < calls)
        {
            return $"{Target.Name}: {Seen.Calls} of {calls} calls seen";
        }

        return Wanted is null || Wanted.All(IsNear) ? null : $"{Target.Name}: seen {Versions}, wanted {WantedText}";
    }

    private bool IsNear(KeyValuePair<string, double> share)
    {
        var error = Math.Sqrt(share.Value * (1 - share.Value) / Math.Max(Seen.Calls, 1));
        return Math.Abs(Seen.ShareOf(share.Key) - share.Value) <= (Tolerance * error) + (1.0 / Math.Max(Seen.Calls, 1));
    }
}
