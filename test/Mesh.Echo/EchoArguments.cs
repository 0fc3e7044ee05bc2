// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;

namespace Mesh.Echo;

/// <summary>Pods from a command line (each <c>--pod</c> begins one), or one pod from the environment of a container.</summary>
internal static class EchoArguments
{
    public const string Usage =
        """
        mesh-echo --pod NAMESPACE/NAME [--version V] [--service S] [--http IP:PORT]... [--grpc IP:PORT]... [--tcp IP:PORT]... [--banner IP:PORT]... [--pod ...]
        Without arguments one pod from the environment: POD_NAMESPACE, POD_NAME, SERVICE_VERSION, SERVICE, HTTP_PORT, GRPC_PORT, TCP_PORT, BANNER_PORT.
        """;

    /// <summary>The pods, or what is wrong.</summary>
    public static (IReadOnlyList<EchoPod> Pods, string? Problem) Parse(IReadOnlyList<string> arguments)
    {
        var pods = new List<EchoPod>();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (i + 1 == arguments.Count)
            {
                return ([], $"{arguments[i]} needs a value");
            }

            if (arguments[i] == "--pod")
            {
                if (arguments[i + 1].Split('/') is not [{ Length: > 0 } space, { Length: > 0 } name])
                {
                    return ([], $"--pod {arguments[i + 1]}: expected NAMESPACE/NAME");
                }

                pods.Add(new EchoPod { Namespace = space, Name = name });
            }
            else if (pods.Count == 0)
            {
                return ([], $"{arguments[i]} before the first --pod");
            }
            else if (With(pods[^1], arguments[i], arguments[i + 1]) is { } pod)
            {
                pods[^1] = pod;
            }
            else
            {
                return ([], $"{arguments[i]} {arguments[i + 1]} is not understood; addresses are IP:PORT");
            }
        }

        return (pods, null);
    }

    public static IReadOnlyList<EchoPod> FromEnvironment(Func<string, string?> variable) =>
        variable("POD_NAME") is not { Length: > 0 } name
            ? []
            :
            [
                new EchoPod
                {
                    Name = name,
                    Namespace = variable("POD_NAMESPACE") ?? "default",
                    Version = variable("SERVICE_VERSION") ?? "",
                    Service = variable("SERVICE") ?? "",
                    Http = AnyAddress(variable("HTTP_PORT")),
                    Grpc = AnyAddress(variable("GRPC_PORT")),
                    Tcp = AnyAddress(variable("TCP_PORT")),
                    Banner = AnyAddress(variable("BANNER_PORT")),
                },
            ];

    private static EchoPod? With(EchoPod pod, string option, string value) =>
        option switch
        {
            "--version" => pod with { Version = value },
            "--service" => pod with { Service = value },
            "--http" when Address(value) is { } address => pod with { Http = [.. pod.Http, address] },
            "--grpc" when Address(value) is { } address => pod with { Grpc = [.. pod.Grpc, address] },
            "--tcp" when Address(value) is { } address => pod with { Tcp = [.. pod.Tcp, address] },
            "--banner" when Address(value) is { } address => pod with { Banner = [.. pod.Banner, address] },
            _ => null,
        };

    private static IPEndPoint? Address(string text) => IPEndPoint.TryParse(text, out var address) && text.Contains(':', StringComparison.Ordinal) ? address : null;

    private static IReadOnlyList<IPEndPoint> AnyAddress(string? port) =>
        ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? [new IPEndPoint(IPAddress.Any, number)] : [];
}
