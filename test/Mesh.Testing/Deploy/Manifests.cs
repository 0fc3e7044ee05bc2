// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json.Nodes;
using Mesh.Operator.Sources.Yaml;

namespace Mesh.Testing.Deploy;

/// <summary>Reads what is under <c>config/</c>.</summary>
public static class Manifests
{
    public static IReadOnlyList<JsonObject> Read(params string[] path)
    {
        var bytes = File.ReadAllBytes(Repository.File(path));
        return [.. DocumentSplitter.Split(bytes).Select(span => YamlReader.Read(Encoding.UTF8.GetString(bytes, span.Start, span.Length)).Root).OfType<JsonObject>()];
    }

    public static JsonObject Single(string kind, params string[] path) => Read(path).Single(document => (string?)document["kind"] == kind);

    public static IReadOnlyList<string> Texts(JsonNode? list) => [.. (list?.AsArray() ?? []).Select(static item => (string?)item).OfType<string>()];
}
