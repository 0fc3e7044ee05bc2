// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;

namespace Mesh.XdsBench;

/// <summary>How large the mesh is and where it is served.</summary>
internal sealed record BenchOptions
{
    public const string Usage =
        """
        mesh-xdsbench [--services N] [--endpoints N] [--nodes N] [--listen IP:PORT] [--admin IP:PORT]
          --services N      services of the mesh (30)
          --endpoints N     endpoints of each service (5)
          --nodes N         nodes expected; only told back, for any node is served (3)
          --listen IP:PORT  xDS, plain text HTTP/2 (127.0.0.1:18000)
          --admin IP:PORT   POST /endpoint?service=I, /route?service=I, /add-service[?service=I], /remove-service[?service=I]; GET /stats (127.0.0.1:18001)
        """;

    public int Services { get; init; } = 30;

    public int Endpoints { get; init; } = 5;

    public int Nodes { get; init; } = 3;

    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 18000);

    public IPEndPoint Admin { get; init; } = new(IPAddress.Loopback, 18001);

    /// <summary>The options, or what is wrong with them.</summary>
    public static (BenchOptions? Options, string? Problem) Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : "";
            if (options.With(arguments[i], value) is not { } next)
            {
                return (null, $"{arguments[i]} \"{value}\" is no option and value of this program");
            }

            options = next;
        }

        return (options, null);
    }

    private BenchOptions? With(string name, string value) => name switch
    {
        "--services" when Count(value) is { } count => this with { Services = count },
        "--endpoints" when Count(value) is { } count => this with { Endpoints = count },
        "--nodes" when Count(value) is { } count => this with { Nodes = count },
        "--listen" when IPEndPoint.TryParse(value, out var address) => this with { Listen = address },
        "--admin" when IPEndPoint.TryParse(value, out var address) => this with { Admin = address },
        _ => null,
    };

    private static int? Count(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
}
