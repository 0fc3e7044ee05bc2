// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Sources.Yaml;

namespace Mesh.Operator.Cli;

/// <summary>Reads the files that <c>FileStatusWriter</c> wrote.</summary>
internal static class StatusFiles
{
    public static IReadOnlyList<StatusRow> Read(string folder) =>
        Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(Text)
            .OfType<string>()
            .Select(text => YamlReader.Read(text).Root)
            .OfType<System.Text.Json.Nodes.JsonObject>()
            .Select(StatusRow.Of)
            .ToList();

    /// <summary>Null when the operator took the file away a moment ago.</summary>
    private static string? Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
