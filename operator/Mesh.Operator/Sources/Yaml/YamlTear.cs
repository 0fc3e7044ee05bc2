// SPDX-License-Identifier: Apache-2.0
using YamlDotNet.Core;

namespace Mesh.Operator.Sources.Yaml;

/// <summary>Tells in words that help where and why a text is no YAML.</summary>
internal static class YamlTear
{
    public static TextPosition Position(string text, TextPosition last, YamlException e)
    {
        var tab = TabLine(text, last.Line);
        return tab > 0 ? new TextPosition(tab, 1) : new TextPosition((int)Math.Max(e.Start.Line, 1), (int)Math.Max(e.Start.Column, 1));
    }

    public static string Describe(string text, TextPosition last, YamlException e) => TabLine(text, last.Line) > 0
        ? "the line is indented by a tab, which YAML does not allow: indent by spaces"
        : $"this is no YAML ({Lower(e.Message.TrimEnd('.'))}): check indentation, quotes and brackets here and in the lines above";

    // The reader's own mark is where the block with the tab begins, which may be the first line.
    private static int TabLine(string text, int from)
    {
        var number = 1;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (number >= from && line.TrimStart(' ').StartsWith("\t", StringComparison.Ordinal) && !line.IsWhiteSpace())
            {
                return number;
            }

            number++;
        }

        return 0;
    }

    private static string Lower(string message) => message.Length == 0 ? message : char.ToLowerInvariant(message[0]) + message[1..];
}
