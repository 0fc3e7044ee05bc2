// SPDX-License-Identifier: Apache-2.0
using Mesh.NodeAgent.Processes;
using Mesh.Operator;

namespace Mesh.Testing;

/// <summary><c>mesh-operator</c> with any arguments, as a process of its own that is asked by HTTP how it is.</summary>
public sealed class ProgramProcess
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    // A process that starts compiles all that it runs: seconds of a processor, of which a busy machine gives it little.
    private static readonly TimeSpan Limit = Timeouts.Default * 3;

    private readonly RunningProcess process;
    private readonly ReservedPort port;
    private readonly string log;

    private ProgramProcess(RunningProcess process, ReservedPort port, string log)
    {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /// <summary>Resident memory, bytes.</summary>
    public long Memory => ProcessUsage.Memory(process.Identity.Pid);

    /// <summary>CPU used since its start.</summary>
    public TimeSpan Cpu => ProcessUsage.Cpu(process.Identity.Pid);

    internal static string Dotnet =>
        new SearchPath(Environment.GetEnvironmentVariable("PATH")).First("dotnet") ?? throw new IOException("dotnet is not on PATH");

    /// <summary>The program's file. Its output folder is a sibling of that of whoever refers to it: bin/PROJECT/CONFIGURATION.</summary>
    public static string File
    {
        get
        {
            var own = new DirectoryInfo(Path.GetDirectoryName(typeof(MeshHost).Assembly.Location)!);
            return Path.Combine(own.Parent!.Parent!.FullName, "Mesh.Operator", own.Name, "mesh-operator.dll");
        }
    }

    /// <param name="log">File that its output is appended to.</param>
    /// <param name="arguments">What it is to do; <c>--http</c> is added.</param>
    public static ProgramProcess Start(string log, params string[] arguments)
    {
        var reserved = new ReservedPort();
        var pid = DetachedProcess.Start(Dotnet, [File, .. arguments, "--http", reserved.EndPoint.ToString()], log);
        return new ProgramProcess(RunningProcess.Child(pid), reserved, log);
    }

    /// <summary>What it answers at a path, as soon as that is as wanted.</summary>
    public async Task<string> AnswerAsync(string path, Func<string, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        using var client = new HttpClient();
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        var last = "nothing";
        while (!process.Exited.IsCompleted && !limit.IsCancellationRequested)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri($"http://{port.EndPoint}{path}"), CancellationToken.None);
                last = await answer.Content.ReadAsStringAsync(CancellationToken.None);
                if (wanted(last))
                {
                    return last;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet, or too busy to answer.
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        throw new TimeoutException($"{path} was not as wanted; the last answer was: {last}\n{await System.IO.File.ReadAllTextAsync(log)}");
    }

    public Task ReadyAsync() => AnswerAsync("/readyz", static text => text.EndsWith("\nready\n", StringComparison.Ordinal));

    /// <summary>Without a chance to say goodbye, as the kernel does when memory is short.</summary>
    public async Task KillAsync()
    {
        process.Signal(Posix.SIGKILL);
        await process.Exited.WithTimeout();
        port.Dispose();
    }

    /// <summary>Ends it in order, and tells how it ended.</summary>
    public async Task<string> StopAsync()
    {
        process.Signal(Posix.SIGTERM);
        var end = await process.Exited.WithTimeout();
        port.Dispose();
        return end;
    }
}
