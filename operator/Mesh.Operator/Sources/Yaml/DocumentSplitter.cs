// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Mesh.Operator.Sources.Yaml;

/// <summary>A part of a file that holds one YAML document.</summary>
/// <param name="Start">Offset in bytes.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="Line">Line of its first byte, from 1.</param>
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
        var (start, startLine, line) = (0, 1, 1);
        var isBlank = true;
        for (var lineStart = 0; lineStart < file.Length; line++)
        {
            var length = file[lineStart..].IndexOf((byte)'\n');
            length = length < 0 ? file.Length - lineStart : length + 1;
            var text = file.Slice(lineStart, length);
            var isMarker = IsMarker(text);
            if (isMarker)
            {
                // Directives and comments before the first marker belong to the document behind it.
                if (!isBlank)
                {
                    spans.Add(new DocumentSpan(start, lineStart - start, startLine));
                    (start, startLine) = (lineStart, line);
                }

                isBlank = IsBlank(text[3..]);
                if (isBlank && spans.Count > 0 && start != lineStart)
                {
                    (start, startLine) = (lineStart, line);
                }
            }
            else if (!IsBlank(text))
            {
                isBlank = false;
            }

            lineStart += length;
        }

        if (!isBlank)
        {
            spans.Add(new DocumentSpan(start, file.Length - start, startLine));
        }

        return spans.ToImmutable();
    }

    private static bool IsMarker(ReadOnlySpan<byte> line) =>
        line.StartsWith("---"u8) && (line.Length == 3 || line[3] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n');

    // Empty, a comment, a directive or the end marker "...".
    private static bool IsBlank(ReadOnlySpan<byte> line)
    {
        var text = line.Trim(" \t\r\n"u8);
        return text.IsEmpty || text[0] == (byte)'#' || line[0] == (byte)'%' || (line.StartsWith("..."u8) && text.Length == 3);
    }
}
