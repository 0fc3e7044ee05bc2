// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Mesh.Sample.Table;

/// <summary>The view as plain lines, for output that is no terminal.</summary>
internal static class PlainText
{
    public static string Of(SampleView view) => Policies(view) + Traffic(view);

    public static string Policies(SampleView view)
    {
        List<string[]> rows = [["POLICY", "ACCEPTED", "PROGRAMMED", "PROXIES"]];
        rows.AddRange(view.Statuses.Select(status => (string[])[status.Name, status.Accepted, status.Programmed, status.Proxies]));
        rows.AddRange(view.Missing.Select(name => (string[])[name, "-", "-", "-"]));
        var text = new StringBuilder(Aligned(rows));
        foreach (var status in view.Statuses)
        {
            foreach (var wrong in status.Wrong)
            {
                text.Append("  ! ").Append(status.Name).Append(": ").AppendLine(wrong);
            }
        }

        return text.ToString();
    }

    public static string Traffic(SampleView view)
    {
        if (view.Targets.Count == 0)
        {
            return "";
        }

        List<string[]> rows = [["TRAFFIC", "CALLS", "BY VERSION", "WANTED", "ERRORS"]];
        rows.AddRange(view.Targets.Select(target =>
            (string[])[target.Target.Name, $"{target.Seen.Calls}", target.Versions, target.WantedText, target.Errors]));
        return Aligned(rows);
    }

    private static string Aligned(List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        return string.Concat(rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd() + "\n"));
    }
}
