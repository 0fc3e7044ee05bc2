// SPDX-License-Identifier: Apache-2.0
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Mesh.Sample.Table;

/// <summary>The view as tables for a terminal.</summary>
internal static class LiveTable
{
    public static IRenderable Of(SampleView view)
    {
        var policies = new Spectre.Console.Table().Border(TableBorder.Rounded).AddColumns("POLICY", "ACCEPTED", "PROGRAMMED", "PROXIES", "WHAT IS WRONG");
        foreach (var status in view.Statuses)
        {
            policies.AddRow(
                new Text(status.Name), State(status.Accepted), State(status.Programmed), new Text(status.Proxies),
                new Text(string.Join('\n', status.Wrong), new Style(Color.Yellow)));
        }

        foreach (var name in view.Missing)
        {
            policies.AddRow(new Text(name), new Text("-"), new Text("-"), new Text("-"), new Text("no status yet"));
        }

        var traffic = new Spectre.Console.Table().Border(TableBorder.Rounded)
            .AddColumns("TRAFFIC (last 10 s)", "CALLS", "BY VERSION", "WANTED", "ERRORS");
        foreach (var target in view.Targets)
        {
            var errors = new Style(target.Seen.Failed > 0 ? Color.Red : Color.Green);
            traffic.AddRow(
                new Text(target.Target.Name), new Text($"{target.Seen.Calls}"), new Text(target.Versions), new Text(target.WantedText),
                new Text(target.Errors, errors));
        }

        return new Rows(policies, traffic, new Text("Edit the files, and watch. Ctrl-C ends all."));
    }

    private static Text State(string state) => new(state, new Style(state switch
    {
        "True" => Color.Green,
        "False" => Color.Red,
        _ => Color.Yellow,
    }));
}
