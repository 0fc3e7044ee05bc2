// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Mesh.Operator.Cli;

/// <summary>Statuses as plain lines of any length, one for each object and one for each that has more to tell: for pipes and files.</summary>
internal static class StatusLines
{
    public static string Of(IReadOnlyList<StatusRow> rows)
    {
        string[][] cells =
        [
            ["KIND", "NAME", "TARGET", "ACCEPTED", "PROGRAMMED", "PROXIES"],
            .. rows.Select(static row => (string[])[row.Kind, row.Name, row.Target, $"{row.Accepted}", $"{row.Programmed}", row.Proxies]),
        ];
        int[] widths = [.. Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(line => line[column].Length))];
        var text = new StringBuilder();
        foreach (var line in cells)
        {
            text.Append(string.Join("   ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
        }

        foreach (var row in rows.Where(static row => row.Note.Length > 0))
        {
            text.Append("! ").Append(row.Kind).Append(' ').Append(row.Name).Append(": ").Append(row.Note).Append('\n');
        }

        return text.ToString();
    }
}
