// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Sources.Yaml;

namespace Mesh.Operator.Cli;

/// <summary>Reads the files that <c>FileStatusWriter</c> wrote.</summary>
internal static class StatusFiles
{
    public static IReadOnlyList<StatusRow> Read(string folder) =>
        Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => YamlReader.Read(File.ReadAllText(file)).Root?.AsObject())
            .OfType<System.Text.Json.Nodes.JsonObject>()
            .Select(StatusRow.Of)
            .ToList();
}
