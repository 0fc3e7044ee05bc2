// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Output;
using Mesh.Operator.Status;

namespace Mesh.Operator.Cli;

/// <summary>Reads the files that <c>FileStatusWriter</c> wrote.</summary>
internal static class StatusFiles
{
    public static IReadOnlyList<StatusRow> Read(string folder) =>
        Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => StatusYaml.Read(File.ReadAllText(file)))
            .Select(StatusRow.Of)
            .ToList();
}
