// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Mesh.Operator;
using Mesh.Operator.Admission;
using Mesh.Operator.Cli;
using Mesh.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Mesh.Tests.Cli;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RunCommandTests
{
    private DirectoryInfo root = null!; // Set before every test.

    [SetUp]
    public void MakeFolder()
    {
        root = Directory.CreateTempSubdirectory("mesh-test-");
        root.CreateSubdirectory("mesh");
    }

    [TearDown]
    public void RemoveFolder() => root.Delete(recursive: true);

    [Test]
    public async Task Address_in_use_is_a_failure()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var exitCode = await InvokeAsync("--listen", taken.LocalEndpoint.ToString()!); // An end point has a text.

        Assert.That(exitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task State_folder_that_is_a_file_is_a_failure()
    {
        var file = Path.Combine(root.FullName, "state");
        await File.WriteAllTextAsync(file, "").WithTimeout();

        Assert.That(await InvokeAsync(), Is.EqualTo(1));
        Assert.That(
            () => StartCheck.Run(Options()), Throws.TypeOf<IOException>().With.Message.EqualTo($"--state {file}: this is a file; give a folder, which is made if it is not there"));
    }

    [Test]
    public void Address_given_twice_is_a_failure_that_names_both_options()
    {
        using var port = new ReservedPort();
        var admission = new AdmissionOptions { Listen = port.EndPoint, Namespace = "mesh-system" };
        var both = Options() with { HttpListen = port.EndPoint.ToString(), Admission = admission };

        Assert.That(
            () => StartCheck.Run(both), Throws.TypeOf<IOException>().With.Message.EqualTo($"--admission {port.EndPoint}: --http has this address; give another port"));
    }

    [Test]
    public async Task Folder_that_is_not_there_is_wrong_use()
    {
        Directory.Delete(Path.Combine(root.FullName, "mesh"));

        Assert.That(await InvokeAsync(), Is.EqualTo(2));
    }

    [Test]
    public async Task Folder_and_cluster_at_once_are_wrong_use() => Assert.That(await InvokeAsync("--kubernetes"), Is.EqualTo(2));

    [TestCase("just a line")]
    [TestCase("{")]
    [TestCase("{apiVersion: v1, kind: Config}")]
    public async Task Kubeconfig_that_names_no_cluster_is_a_failure(string content)
    {
        var file = Path.Combine(root.FullName, "kubeconfig");
        await File.WriteAllTextAsync(file, content).WithTimeout();
        string[] arguments = ["--kubernetes", "--kubeconfig", file, "--state", Path.Combine(root.FullName, "state"), "--proxy", "external"];

        var exitCode = await RunCommand.Create().Parse(arguments).InvokeAsync().WithTimeout();

        Assert.That(exitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Loop_that_fails_ends_the_run_with_its_exception()
    {
        var app = MeshHost.Build(Options(), isLive: false, services => services.AddHostedService<FailingLoop>());

        async Task Run() => await MeshRun.RunAsync(app, CancellationToken.None).WithTimeout();

        Assert.That(Run, Throws.TypeOf<IOException>().With.Message.EqualTo("as intended"));
    }

    private RunOptions Options() => new()
    {
        Directory = root.FullName,
        StateDirectory = Path.Combine(root.FullName, "state"),
        Node = "test",
        Proxy = ProxyKind.External,
        EnvoyPath = null,
        Listen = null,
        HttpListen = null,
    };

    private Task<int> InvokeAsync(params string[] more)
    {
        string[] arguments = ["--dir", Path.Combine(root.FullName, "mesh"), "--state", Path.Combine(root.FullName, "state"), "--proxy", "external", .. more];
        return RunCommand.Create().Parse(arguments).InvokeAsync().WithTimeout();
    }

    private sealed class FailingLoop : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new IOException("as intended");
        }
    }
}
