// SPDX-License-Identifier: Apache-2.0
using Mesh.NodeAgent.Binaries;
using Spectre.Console;

namespace Mesh.Operator.Cli;

/// <summary>Says loudly what does not happen.</summary>
internal static class Banner
{
    public static void Found(EnvoyBinary envoy)
    {
        Console.WriteLine($"Envoy {envoy.Version} from {envoy.FoundBy}: {envoy.Path}");
        if (envoy.Warning is not null)
        {
            Console.WriteLine($"  {envoy.Warning}");
        }
    }

    public static void NoTraffic(EnvoyInstallation installation)
    {
        var lines = new List<string> { "Policies are read, checked, translated and acknowledged by a simulated node. NO TRAFFIC FLOWS.", string.Empty };
        lines.AddRange(installation.Failures.Select(failure => $"- {failure}"));
        lines.AddRange([string.Empty, "To get a real Envoy, run one of these and start again:"]);
        lines.AddRange(EnvoyInstallation.Ways.Select(way => $"  {way}"));
        AnsiConsole.Write(new Panel(new Text(string.Join('\n', lines))).Header("No Envoy: simulated proxy").BorderColor(Color.Yellow));
    }
}
