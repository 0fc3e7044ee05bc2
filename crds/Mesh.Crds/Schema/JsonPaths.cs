// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Crds.Schema;

/// <summary>How problems name their place: <c>spec.rules[0].name</c>, <c>metadata.labels["example.com/x"]</c>.</summary>
internal static class JsonPaths
{
    private const int MaxName = 80;

    public static string Field(string parent, string name)
    {
        var shown = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
        if (!shown)
        {
            return Key(parent, name);
        }

        return parent.Length == 0 ? Words.Shorten(name, MaxName) : $"{parent}.{Words.Shorten(name, MaxName)}";
    }

    public static string Key(string parent, string name) => $"{parent}[{Words.Quote(name, MaxName)}]";

    public static string Element(string parent, int index) => $"{parent}[{index}]";
}
