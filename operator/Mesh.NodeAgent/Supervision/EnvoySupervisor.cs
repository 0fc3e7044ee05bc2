// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.NodeAgent.Processes;

namespace Mesh.NodeAgent.Supervision;

/// <summary>
/// Keeps one Envoy running. Envoy lives in a session of its own and survives the control plane; the next control plane adopts it when it is
/// provably the same process with the same bootstrap, else stops it and starts anew.
/// </summary>
public sealed class EnvoySupervisor(EnvoyOptions options, TimeProvider time, Action<EnvoyState>? onState = null)
{
    private static readonly TimeSpan LongEnoughToForget = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(20);

    private readonly EnvoyFiles _files = new(options.StateFolder);
    private readonly Lock _lock = new();
    private EnvoyState _state = new EnvoyState.Stopped();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EnvoyState State
    {
        get
        {
            lock (_lock)
            {
                return _state;
            }
        }
    }

    /// <summary>The log that Envoy writes.</summary>
    public string LogPath => _files.Log;

    /// <summary>Completes with the first state that is as wanted, the current one included.</summary>
    public async Task<EnvoyState> WaitForAsync(Func<EnvoyState, bool> wanted, CancellationToken ct)
    {
        while (true)
        {
            EnvoyState state;
            Task changed;
            lock (_lock)
            {
                (state, changed) = (_state, _changed.Task);
            }

            if (wanted(state))
            {
                return state;
            }

            await changed.WaitAsync(ct);
        }
    }

    /// <summary>Runs until cancelled, then stops Envoy (unless it is to be left running).</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await using var exclusive = _files.Lock();
        using var admin = new EnvoyAdmin();
        var starter = new EnvoyStarter(options, _files, admin, time);
        var stopper = new EnvoyStopper(options, admin, time);
        var running = await starter.AdoptAsync(stopper);
        var failures = 0;
        while (!ct.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            var why = running is null ? await StartAsync() : null;
            if (running is not null)
            {
                why = await WatchAsync(running, ct);
            }

            if (ct.IsCancellationRequested)
            {
                break;
            }

            running = null;
            failures = time.GetElapsedTime(started) > LongEnoughToForget ? 1 : failures + 1;
            await BackOffAsync(why ?? "it ended", failures, ct);
        }

        await EndAsync(running, stopper);

        async Task<string?> StartAsync()
        {
            Become(new EnvoyState.Starting());
            (running, var problem) = await starter.StartAsync(stopper, ct);
            return problem;
        }
    }

    /// <summary>Waits for the end of Envoy, and says why it ended; null when we are to stop.</summary>
    private async Task<string?> WatchAsync(EnvoyInstance running, CancellationToken ct)
    {
        Become(new EnvoyState.Running(running.Process.Identity.Pid, running.Adopted, running.Admin));
        try
        {
            var how = await EndOfAsync(running.Process, ct);
            return CrashReport.Of(how, _files.ReadLog(running.LogStart));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<string> EndOfAsync(RunningProcess process, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await process.Exited.WaitAsync(LogInterval, time, ct);
            }
            catch (TimeoutException)
            {
                _files.ShortenLog(options.LogLimit);
            }
        }
    }

    private async Task BackOffAsync(string why, int failures, CancellationToken ct)
    {
        var wait = options.Backoff.After(failures);
        Become(new EnvoyState.BackingOff(why, time.GetUtcNow() + wait));
        try
        {
            await Task.Delay(wait, time, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The loop's condition ends the run.
        }
    }

    private async Task EndAsync(EnvoyInstance? running, EnvoyStopper stopper)
    {
        if (running is not null && !options.LeaveRunning)
        {
            await stopper.StopAsync(running);
            File.Delete(_files.Record);
        }

        Become(new EnvoyState.Stopped());
    }

    private void Become(EnvoyState state)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _state = state;
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        onState?.Invoke(state);
        changed.SetResult();
    }
}

/// <summary>An Envoy that runs.</summary>
internal sealed record EnvoyInstance(RunningProcess Process, IPEndPoint Admin, bool Adopted, long LogStart);
