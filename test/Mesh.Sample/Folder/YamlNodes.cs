// SPDX-License-Identifier: Apache-2.0
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Mesh.Sample.Folder;

/// <summary>Just enough YAML to see what a folder holds; the operator is the one that judges it.</summary>
internal static class YamlNodes
{
    /// <summary>Every document of every file that can be read; the operator reports the others.</summary>
    public static IEnumerable<YamlNode> ReadFolder(string folder) =>
        Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(ReadFile)
            : [];

    public static string? Text(this YamlNode node, params ReadOnlySpan<string> path) => (node.At(path) as YamlScalarNode)?.Value;

    public static IEnumerable<YamlNode> Items(this YamlNode node, params ReadOnlySpan<string> path) =>
        node.At(path) is YamlSequenceNode list ? list.Children : [];

    public static IReadOnlyDictionary<string, string> Texts(this YamlNode node, params ReadOnlySpan<string> path) =>
        node.At(path) is YamlMappingNode map
            ? map.Children.ToDictionary(
                pair => (pair.Key as YamlScalarNode)?.Value ?? "", pair => (pair.Value as YamlScalarNode)?.Value ?? "", StringComparer.Ordinal)
            : new Dictionary<string, string>(StringComparer.Ordinal);

    private static YamlNode? At(this YamlNode node, ReadOnlySpan<string> path)
    {
        var current = node;
        foreach (var name in path)
        {
            if (current is not YamlMappingNode map || !map.Children.TryGetValue(new YamlScalarNode(name), out var next))
            {
                return null;
            }

            current = next;
        }

        return current;
    }

    private static List<YamlNode> ReadFile(string path)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(File.ReadAllText(path)));
            return [.. stream.Documents.Select(document => document.RootNode)];
        }
        catch (Exception e) when (e is YamlException or IOException or ArgumentException)
        {
            return [];
        }
    }
}
