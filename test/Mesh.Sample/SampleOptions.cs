// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.NodeAgent.Binaries;

namespace Mesh.Sample;

/// <summary>Options of <c>mesh-sample run</c> and <c>mesh-sample kube</c>.</summary>
internal sealed record SampleOptions
{
    public const string Usage =
        """
        mesh-sample run|kube [--once] [--dir DIR] [--state DIR] [--envoy PATH] [--proxy envoy|simulated] [--rate N] [--limit SECONDS] [--operator PATH]
          run               the mesh from a folder of YAML
          kube              the mesh from a Kubernetes API server, started for it (KUBEBUILDER_ASSETS), with kubectl's view of it
          --once            check that every policy is in force and traffic splits as the routes say, print the table once, stop; 0 when all holds
          --dir DIR         the mesh's YAML (config/samples/first-light)
          --state DIR       sockets, logs and status files (.mesh)
          --envoy PATH      the Envoy to run; without it ENVOY_BIN, PATH and .tools/ are looked at, and Envoy is installed into .tools/
          --proxy simulated no Envoy: the operator's in-process node acknowledges, no traffic flows
          --rate N          requests per second to each service (50)
          --limit SECONDS   how long --once waits (60)
          --operator PATH   mesh-operator.dll
        """;

    /// <summary>The mesh comes from an API server, not from the folder.</summary>
    public bool Kubernetes { get; init; }

    public bool Once { get; init; }

    /// <summary>The checkout.</summary>
    public required string Root { get; init; }

    public required string Directory { get; init; }

    public required string State { get; init; }

    public string? Envoy { get; init; }

    public bool Simulated { get; init; }

    public int Rate { get; init; } = 50;

    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(60);

    public required string Operator { get; init; }

    /// <summary>The options, or what is wrong with them.</summary>
    public static (SampleOptions? Options, string? Problem) Parse(IReadOnlyList<string> arguments)
    {
        if (arguments is not ["run" or "kube", ..])
        {
            return (null, "the command is \"run\" or \"kube\"");
        }

        var options = Defaults() with { Kubernetes = arguments[0] == "kube" };
        for (var i = 1; i < arguments.Count; i++)
        {
            if (arguments[i] == "--once")
            {
                options = options with { Once = true };
            }
            else if (i + 1 < arguments.Count && With(options, arguments[i], arguments[i + 1]) is { } next)
            {
                options = next;
                i++;
            }
            else
            {
                return (null, $"{arguments[i]} is not understood, or its value is missing or wrong");
            }
        }

        return (options, null);
    }

    private static SampleOptions Defaults()
    {
        var root = Checkout.FindRoot(Environment.CurrentDirectory) ?? Checkout.FindRoot(AppContext.BaseDirectory) ?? Environment.CurrentDirectory;

        // artifacts/bin/PROJECT/CONFIGURATION/: the operator built beside this program.
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return new SampleOptions
        {
            Root = root,
            Directory = Path.Combine(root, "config", "samples", "first-light"),
            State = Path.Combine(root, ".mesh"),
            Operator = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Mesh.Operator", configuration, "mesh-operator.dll")),
        };
    }

    private static SampleOptions? With(SampleOptions options, string name, string value) =>
        name switch
        {
            "--dir" => options with { Directory = Path.GetFullPath(value) },
            "--state" => options with { State = Path.GetFullPath(value) },
            "--envoy" => options with { Envoy = value },
            "--proxy" when value is "envoy" or "simulated" => options with { Simulated = value == "simulated" },
            "--rate" when Number(value) is { } rate => options with { Rate = rate },
            "--limit" when Number(value) is { } seconds => options with { Limit = TimeSpan.FromSeconds(seconds) },
            "--operator" => options with { Operator = Path.GetFullPath(value) },
            _ => null,
        };

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
