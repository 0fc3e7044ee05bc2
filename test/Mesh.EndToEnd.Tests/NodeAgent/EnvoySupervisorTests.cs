// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Mesh.NodeAgent.Processes;
using Mesh.NodeAgent.Supervision;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.NodeAgent;

public sealed class EnvoySupervisorTests
{
    private string _folder = "";

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("mesh-envoy-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Supervisor_started_runs_envoy_in_its_own_session_and_stops_it_with_itself()
    {
        await using var envoy = SupervisedEnvoy.Start(SupervisedEnvoy.Options(_folder));

        var running = await envoy.RunsAsync();
        var process = ProcessIdentity.Of(running.Pid);
        var session = SessionOf(running.Pid);
        var shared = PipesOf("self").Intersect(PipesOf($"{running.Pid}"), StringComparer.Ordinal).ToList();
        await envoy.StopAsync();

        Assert.That(running.Adopted, Is.False);
        Assert.That(session, Is.EqualTo(running.Pid));
        Assert.That(shared, Is.Empty, "no pipe of ours is held open by Envoy");
        Assert.That(process?.IsAlive, Is.False);
        Assert.That(envoy.Supervisor.State, Is.TypeOf<EnvoyState.Stopped>());
    }

    [Test]
    public async Task Envoy_killed_is_started_again_with_the_reason_told()
    {
        await using var envoy = SupervisedEnvoy.Start(SupervisedEnvoy.Options(_folder) with { Backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)) });
        var first = await envoy.RunsAsync();

        RunningProcess.Found(ProcessIdentity.Of(first.Pid)!).Signal(Posix.SIGKILL);
        var backingOff = await envoy.CameToAsync<EnvoyState.BackingOff>();
        var second = await envoy.RunsAsync();

        Assert.That(backingOff.Why, Does.StartWith("killed by signal 9"));
        Assert.That(second.Pid, Is.Not.EqualTo(first.Pid));
    }

    [Test]
    public async Task Envoy_left_by_one_supervisor_is_adopted_by_the_next()
    {
        var options = SupervisedEnvoy.Options(_folder);
        var first = await RunAndLeaveAsync(options);

        await using var next = SupervisedEnvoy.Start(options);
        var adopted = await next.RunsAsync();
        await next.StopAsync();

        Assert.That(adopted, Is.EqualTo(first with { Adopted = true }));
        Assert.That(ProcessIdentity.Of(first.Pid), Is.Null, "the adopted Envoy is stopped with its supervisor");
    }

    [Test]
    public async Task Adopted_envoy_that_ends_is_started_again()
    {
        var options = SupervisedEnvoy.Options(_folder);
        var first = await RunAndLeaveAsync(options);
        await using var next = SupervisedEnvoy.Start(options);
        await next.RunsAsync();

        RunningProcess.Found(ProcessIdentity.Of(first.Pid)!).Signal(Posix.SIGKILL);
        var again = await next.Supervisor.WaitForAsync(
            state => state is EnvoyState.Running running && running.Pid != first.Pid, CancellationToken.None).WithTimeout();

        Assert.That(((EnvoyState.Running)again).Adopted, Is.False);
    }

    [Test]
    public async Task Envoy_with_other_bootstrap_is_not_adopted_but_replaced()
    {
        var first = await RunAndLeaveAsync(SupervisedEnvoy.Options(_folder));

        await using var next = SupervisedEnvoy.Start(SupervisedEnvoy.Options(_folder, node: "node/other"));
        var running = await next.RunsAsync();

        Assert.That(running.Adopted, Is.False);
        Assert.That(ProcessIdentity.Of(first.Pid), Is.Null);
    }

    [Test]
    public async Task Envoy_whose_address_is_taken_is_told_by_address()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await using var envoy = SupervisedEnvoy.Start(SupervisedEnvoy.Options(_folder, listener: port));
        var state = await envoy.CameToAsync<EnvoyState.BackingOff>();

        Assert.That(state.Why, Is.EqualTo($"exit code 1: address 127.0.0.1:{port} is in use by another process"));
    }

    [Test]
    public async Task Envoy_that_refuses_its_bootstrap_is_told_in_its_own_words()
    {
        await using var envoy = SupervisedEnvoy.Start(SupervisedEnvoy.Options(_folder) with { Bootstrap = _ => "no_such_field: 1" });
        var state = await envoy.CameToAsync<EnvoyState.BackingOff>();

        Assert.That(state.Why, Does.Contain("no_such_field"));
    }

    [Test]
    public async Task State_folder_deleted_under_a_running_envoy_is_made_again_at_its_next_start()
    {
        var state = Path.Combine(_folder, "state");
        await using var envoy = SupervisedEnvoy.Start(SupervisedEnvoy.Options(state));
        var first = await envoy.RunsAsync();

        Directory.Delete(state, recursive: true);
        RunningProcess.Found(ProcessIdentity.Of(first.Pid)!).Signal(Posix.SIGKILL);
        var again = await envoy.Supervisor.WaitForAsync(
            state => state is EnvoyState.Running running && running.Pid != first.Pid, CancellationToken.None).WithTimeout();

        Assert.That(((EnvoyState.Running)again).Adopted, Is.False);
    }

    [Test]
    public async Task State_that_cannot_be_written_is_told_and_tried_again()
    {
        // A folder stands where the bootstrap is to be written.
        var obstacle = Directory.CreateDirectory(Path.Combine(_folder, "envoy.yaml.new"));
        await using var envoy = SupervisedEnvoy.Start(SupervisedEnvoy.Options(_folder));
        var backingOff = await envoy.CameToAsync<EnvoyState.BackingOff>();

        obstacle.Delete();
        var running = await envoy.RunsAsync();

        Assert.That(backingOff.Why, Does.Contain("envoy.yaml.new"));
        Assert.That(running.Adopted, Is.False);
    }

    private static async Task<EnvoyState.Running> RunAndLeaveAsync(EnvoyOptions options)
    {
        await using var supervisor = SupervisedEnvoy.Start(options with { LeaveRunning = true });
        return await supervisor.RunsAsync();
    }

    private static List<string> PipesOf(string process) =>
    [
        .. Directory.GetFiles($"/proc/{process}/fd").Select(path => new FileInfo(path).LinkTarget ?? "")
            .Where(target => target.StartsWith("pipe:", StringComparison.Ordinal)),
    ];

    private static int SessionOf(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3], System.Globalization.CultureInfo.InvariantCulture);
    }
}
