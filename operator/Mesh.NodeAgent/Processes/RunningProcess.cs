// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Mesh.NodeAgent.Processes;

/// <summary>A process that we started detached, or found running.</summary>
internal sealed class RunningProcess
{
    private RunningProcess(ProcessIdentity identity, Task<string> exited)
    {
        Identity = identity;
        Exited = exited;
    }

    public ProcessIdentity Identity { get; }

    /// <summary>Completes when it has ended, with how in words.</summary>
    public Task<string> Exited { get; }

    /// <summary>A child must be collected by its parent, so a thread of ours waits for it.</summary>
    public static RunningProcess Child(int pid)
    {
        // A child stays in the process table until it is collected, so its entry can be read even if it has ended already.
        var identity = ProcessIdentity.Of(pid) ?? new ProcessIdentity(pid, 0);
        return new RunningProcess(identity, Task.Factory.StartNew(
            () => Collect(pid), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    public static RunningProcess Found(ProcessIdentity identity) => new(identity, WatchAsync(identity));

    public void Signal(int signal)
    {
        if (!Exited.IsCompleted && Identity.IsAlive)
        {
            _ = Posix.Kill(Identity.Pid, signal);
        }
    }

    private static string Collect(int pid)
    {
        while (true)
        {
            if (Posix.WaitPid(pid, out var status, 0) == pid)
            {
                return Describe(status);
            }

            if (Marshal.GetLastPInvokeError() != Posix.EINTR)
            {
                return "it ended; how is not known";
            }
        }
    }

    /// <summary>The encoding of wait(2): low seven bits the signal, next byte the exit code.</summary>
    internal static string Describe(int status)
    {
        var signal = status & 0x7f;
        return signal == 0
            ? string.Create(CultureInfo.InvariantCulture, $"exit code {(status >> 8) & 0xff}")
            : string.Create(CultureInfo.InvariantCulture, $"killed by signal {signal}");
    }

    private static async Task<string> WatchAsync(ProcessIdentity identity)
    {
        try
        {
            using var process = Process.GetProcessById(identity.Pid);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        catch (ArgumentException)
        {
            // It ended before we looked.
        }

        return "it ended; another process had started it, so how is not known";
    }
}
