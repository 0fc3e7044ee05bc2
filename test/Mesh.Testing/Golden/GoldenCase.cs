// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Model;
using Mesh.Operator.Sources.Yaml;

namespace Mesh.Testing.Golden;

/// <summary>
/// A folder of <c>test/golden</c>: what goes in (<c>input/</c>, and where the rule is about a change the files that replace some of it,
/// <c>edit/</c>), and what must come out (<c>expected/</c>). Everything that a case needs lies in its folder.
/// </summary>
/// <param name="Folder">Full path.</param>
/// <param name="Only">The files of <c>expected</c> that the case is about; empty for all of them.</param>
internal sealed record GoldenCase(string Folder, EquatableArray<string> Only)
{
    public string Name => Path.GetFileName(Folder);

    public string Input => Path.Combine(Folder, "input");

    public string Edit => Path.Combine(Folder, "edit");

    public string Expected => Path.Combine(Folder, "expected");

    public static IEnumerable<GoldenCase> All() =>
        Directory.EnumerateDirectories(Repository.File("test", "golden")).Order(StringComparer.Ordinal).Select(Load);

    /// <summary>Whether the case is about this file.</summary>
    public bool Compares(string path) => Only.IsEmpty || Only.Contains(path, StringComparer.Ordinal);

    /// <summary>
    /// A <c>case.yaml</c> beside the input narrows a case to the files that its rule shows in. A rule about routes would otherwise repeat
    /// the same clusters and listeners in every case, and a change of those would be a diff of hundreds of files that nobody reads.
    /// </summary>
    private static GoldenCase Load(string folder)
    {
        var file = Path.Combine(folder, "case.yaml");
        var settings = File.Exists(file) ? YamlReader.Read(File.ReadAllText(file)).Root as JsonObject : null;
        var unknown = settings?.Select(pair => pair.Key).FirstOrDefault(key => key != "only");
        return unknown is null
            ? new GoldenCase(folder, Texts(settings?["only"]))
            : throw new InvalidDataException($"{file}: \"{unknown}\" is unknown; there is only");
    }

    private static EquatableArray<string> Texts(JsonNode? list) =>
        (list as JsonArray ?? []).Select(element => (string)element!).ToEquatableArray();
}
