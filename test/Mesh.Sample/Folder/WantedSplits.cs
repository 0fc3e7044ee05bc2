// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Mesh.Sample.Folder;

/// <summary>The shares that the folder's routes ask for, read anew each time so that edits count.</summary>
internal static class WantedSplits
{
    /// <summary>By service: the share of each version. Only routes of one rule without matches are so simple that shares follow.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Read(string folder)
    {
        var documents = YamlNodes.ReadFolder(folder).ToList();
        var versions = documents.Where(document => document.Text("kind") == "Service")
            .GroupBy(service => service.Text("metadata", "name") ?? "", StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First().Text("spec", "selector", "version"), StringComparer.Ordinal);
        var splits = new SortedDictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal);
        foreach (var route in documents.Where(document => document.Text("kind") == "HTTPRoute"))
        {
            if (route.Items("spec", "rules").ToList() is [var rule] && !rule.Items("matches").Any()
                && route.Items("spec", "parentRefs").FirstOrDefault()?.Text("name") is { } service)
            {
                splits[service] = SharesOf([.. rule.Items("backendRefs")], versions);
            }
        }

        return splits;
    }

    private static SortedDictionary<string, double> SharesOf(List<YamlNode> backends, Dictionary<string, string?> versions)
    {
        var shares = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var total = backends.Sum(Weight);
        foreach (var backend in backends.Where(backend => Weight(backend) > 0))
        {
            var version = versions.GetValueOrDefault(backend.Text("name") ?? "") ?? "(nowhere)";
            shares[version] = shares.GetValueOrDefault(version) + (Weight(backend) / total);
        }

        return shares;
    }

    private static double Weight(YamlNode backend) =>
        double.TryParse(backend.Text("weight") ?? "1", NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) ? weight : 1;
}
