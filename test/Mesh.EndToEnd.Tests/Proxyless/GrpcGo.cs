// SPDX-License-Identifier: Apache-2.0
using CliWrap;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Proxyless;

/// <summary>Programs made of grpc-go: a client that finds its servers by xDS, and a server.</summary>
internal static class GrpcGo
{
    private const string FolderVariable = "GRPCGO_BIN";

    // A call waits for a server that takes it; the first one for all the client has to learn before.
    private const string LongestCall = "1m";

    /// <summary>Ignores the test, aloud, where the programs are not there.</summary>
    public static void Require()
    {
        if (!File.Exists(Program("xdscall")) || !File.Exists(Program("xdsecho")))
        {
            Assert.Ignore($"No grpc-go client: {FolderVariable} names no folder with xdscall and xdsecho in it");
        }
    }

    /// <summary>Calls the health service of <paramref name="target"/>, one call after the other.</summary>
    public static GrpcGoCalls Call(string bootstrap, string target, params IEnumerable<string> options) =>
        GrpcGoCalls.Start(Command("xdscall", ["-timeout", LongestCall, .. options, "xds:///" + target], bootstrap));

    public static async Task<CallCounts> CallAsync(string bootstrap, string target, params string[] options)
    {
        await using var calls = Call(bootstrap, target, options);
        return await calls.EndAsync().WithTimeout();
    }

    public static Command Command(string program, IReadOnlyList<string> arguments, string? bootstrap = null) => Cli.Wrap(Program(program))
        .WithArguments(arguments)
        .WithEnvironmentVariables(environment => environment
            .Set("GRPC_XDS_BOOTSTRAP", bootstrap)
            .Set("GRPC_EXPERIMENTAL_XDS_BOOTSTRAP_CALL_CREDS", "true")
            .Set("GRPC_GO_LOG_SEVERITY_LEVEL", "info")
            .Set("GRPC_GO_LOG_VERBOSITY_LEVEL", "2"))
        .WithValidation(CommandResultValidation.None);

    private static string Program(string name) => Path.Combine(Environment.GetEnvironmentVariable(FolderVariable) ?? "", name);
}
