// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mesh.NodeAgent.Processes;
using Mesh.Operator;

namespace Mesh.Testing;

/// <summary><c>mesh-operator</c> with any arguments, as a process of its own that is asked by HTTP how it is.</summary>
public sealed class ProgramProcess
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly RunningProcess process;
    private readonly IPEndPoint http;
    private readonly string log;

    private ProgramProcess(RunningProcess process, IPEndPoint http, string log)
    {
        this.process = process;
        this.http = http;
        this.log = log;
    }

    /// <summary>Resident memory, bytes.</summary>
    public long Memory => long.Parse(
        System.IO.File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Identity.Pid}/status"))
            .First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) << 10;

    /// <summary>CPU used since its start.</summary>
    public TimeSpan Cpu
    {
        get
        {
            // The kernel counts hundredths of a second. The name stands in parentheses; behind it the 12th and 13th field are user and system time.
            var fields = System.IO.File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Identity.Pid}/stat")).Split(") ")[^1].Split(' ');
            return TimeSpan.FromMilliseconds(10 * fields.Skip(11).Take(2).Sum(static text => long.Parse(text, CultureInfo.InvariantCulture)));
        }
    }

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
        var address = FreeAddress();
        var pid = DetachedProcess.Start(Dotnet, [File, .. arguments, "--http", address.ToString()], log);
        return new ProgramProcess(RunningProcess.Child(pid), address, log);
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
                using var answer = await client.GetAsync(new Uri($"http://{http}{path}"), CancellationToken.None);
                last = await answer.Content.ReadAsStringAsync(CancellationToken.None);
                if (wanted(last))
                {
                    return last;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
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
    }

    /// <summary>Ends it in order, and tells how it ended.</summary>
    public async Task<string> StopAsync()
    {
        process.Signal(Posix.SIGTERM);
        return await process.Exited.WithTimeout();
    }

    internal static IPEndPoint FreeAddress()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!; // A bound socket has an end point.
    }
}
