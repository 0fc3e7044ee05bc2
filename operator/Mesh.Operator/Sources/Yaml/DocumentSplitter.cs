// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Mesh.Operator.Sources.Yaml;

/// <summary>A part of a file that holds one YAML document.</summary>
/// <param name="Start">Offset in bytes.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="Line">Line of its first byte, from 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DocumentSpan(int Start, int Length, int Line);

/// <summary>
/// Cuts a file at its document markers, before anything is parsed: a torn document then leaves its neighbours whole. A line that begins with
/// "---" is a marker wherever it stands (YAML 1.2.2, 9.1.2), inside of quotes and block scalars too.
/// </summary>
internal static class DocumentSplitter
{
    public static ImmutableArray<DocumentSpan> Split(ReadOnlySpan<byte> file)
    {
        var spans = ImmutableArray.CreateBuilder<DocumentSpan>();
        var part = new Part(0, 1);
        var line = 1;
        for (var at = 0; at < file.Length; line++)
        {
            var length = file[at..].IndexOf((byte)'\n');
            length = length < 0 ? file.Length - at : length + 1;
            var text = file.Slice(at, length);
            if (IsMarker(text, "---"u8))
            {
                // Directives and comments before the first marker belong to the document behind it.
                part = part.HasMarker || part.HasContent ? Close(part, new Part(at, line)) : part;
                part = part with { HasMarker = true, HasContent = !IsBlank(text[3..]) };
            }
            else if (IsMarker(text, "..."u8))
            {
                part = Close(part, new Part(at + length, line + 1));
            }
            else
            {
                part = part with { HasContent = part.HasContent || !IsBlank(text) };
            }

            at += length;
        }

        Close(part, new Part(file.Length, line));
        return spans.ToImmutable();

        Part Close(Part ended, Part next)
        {
            if (ended.HasContent)
            {
                spans.Add(new DocumentSpan(ended.Start, next.Start - ended.Start, ended.Line));
            }

            return next;
        }
    }

    private static bool IsMarker(ReadOnlySpan<byte> line, ReadOnlySpan<byte> marker) =>
        line.StartsWith(marker) && (line.Length == 3 || line[3] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n');

    // Empty, a comment or a directive.
    private static bool IsBlank(ReadOnlySpan<byte> line)
    {
        var text = line.Trim(" \t\r\n"u8);
        return text.IsEmpty || text[0] == (byte)'#' || line[0] == (byte)'%';
    }

    private readonly record struct Part(int Start, int Line)
    {
        public bool HasMarker { get; init; }

        public bool HasContent { get; init; }
    }
}
