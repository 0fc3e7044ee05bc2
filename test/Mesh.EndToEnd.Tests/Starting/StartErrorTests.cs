// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using CliWrap;
using CliWrap.Buffered;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Starting;

/// <summary>What a user sees of <c>mesh-operator run</c> that cannot start: one line, which says why and what would be right.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class StartErrorTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mesh-start-");
    private readonly TcpListener taken = new(IPAddress.Loopback, 0);

    [SetUp]
    public void SetUp()
    {
        Directory.CreateDirectory(Mesh);
        File.WriteAllText(Path.Combine(Mesh, "cart.yaml"), """
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop}
            spec: {clusterIP: 127.96.157.1, ports: [{port: 8080}]}
            """);
        taken.Start();
    }

    public void Dispose()
    {
        taken.Dispose();
        folder.Delete(recursive: true);
    }

    private string Mesh => Path.Combine(folder.FullName, "mesh");

    private string State => Path.Combine(folder.FullName, "state");

    private string Taken => taken.LocalEndpoint.ToString()!; // An end point has a text.

    [TestCase("--listen")]
    [TestCase("--http")]
    public async Task Address_in_use_is_all_that_is_told(string option) => Assert.That(
        await RunAsync(option, Taken), Is.EqualTo((1, "", $"mesh-operator: {option} {Taken}: the address is in use by another process; stop that one, or give another port\n")));

    // TEST-NET-1 (RFC 5737): no machine has an address of it.
    [Test]
    public async Task Address_that_is_not_here_is_all_that_is_told() => Assert.That(await RunAsync("--http", "192.0.2.1:18000"), Is.EqualTo(
        (1, "", "mesh-operator: --http 192.0.2.1:18000: this machine has no such address; 127.0.0.1 is one that it has, and 0.0.0.0 means all of them\n")));

    [Test]
    public async Task Address_for_two_things_is_all_that_is_told()
    {
        using var free = new ReservedPort();

        Assert.That(
            await RunAsync("--listen", $"{free.EndPoint}", "--http", $"{free.EndPoint}"),
            Is.EqualTo((1, "", $"mesh-operator: --http {free.EndPoint}: --listen has this address; give another port\n")));
    }

    [Test]
    public async Task Certificate_file_that_is_none_is_all_that_is_told()
    {
        using var authority = new TestAuthority("root");
        using var server = authority.Issue("server");
        var files = authority.Write(folder.FullName, server);
        await File.WriteAllTextAsync(files.Certificate, "no PEM");

        var outcome = await RunAsync("--listen", "127.0.0.1:0", "--tls-cert", files.Certificate, "--tls-key", files.Key, "--tls-client-ca", files.ClientCa!); // Written by the authority.

        Assert.That(outcome, Is.EqualTo((
            1,
            "",
            $"mesh-operator: {files.Certificate}: holds no certificate; it must hold some between BEGIN CERTIFICATE and END CERTIFICATE lines\n")));
    }

    [Test]
    public async Task State_folder_that_is_a_file_is_all_that_is_told()
    {
        await File.WriteAllTextAsync(State, "");

        var (exitCode, output, error) = await RunAsync();

        Assert.That((exitCode, output), Is.EqualTo((1, "")));
        Assert.That(error, Does.Match("^mesh-operator: [^\n]*" + State + "[^\n]*\n$"));
    }

    // Found out when the mesh is served already; lines of that precede it.
    [Test]
    public async Task Envoys_folder_that_another_process_holds_is_told_without_a_stack()
    {
        var envoy = PinnedEnvoy.RequireBinary();
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(State, "envoy")).FullName, "envoy.lock");
        await using var held = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        var (exitCode, output, error) = await RunAsync("--envoy", envoy);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Is.EqualTo(
            $"mesh-operator: Another control plane works in {Path.GetDirectoryName(path)} (it holds {path}); stop it, or give this one a folder of its own with --state DIR.\n"));
        Assert.That(output, Does.Not.Contain("   at ").And.Not.Contain("fail: ").And.Not.Contain("crit: "));
    }

    // Without --proxy, so that it would look for an Envoy next, and say what it finds.
    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] more)
    {
        using var limit = new CancellationTokenSource(Timeouts.Default * 3, TimeProvider.System);
        var result = await Cli.Wrap("dotnet")
            .WithArguments([ProgramProcess.File, "run", "--dir", Mesh, "--state", State, "--plain", .. more])
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(limit.Token);
        return (result.ExitCode, result.StandardOutput, result.StandardError);
    }
}
