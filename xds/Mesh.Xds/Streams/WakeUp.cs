// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Streams;

/// <summary>The wake-up call of one stream. A new one takes the place of the one before, so that a stream has one timer at most, or none.</summary>
internal sealed class WakeUp(TimeProvider time) : IDisposable
{
    private static readonly Task Never = new TaskCompletionSource().Task;

    private ITimer? timer;
    private TaskCompletionSource? signal;

    /// <summary>No call is ordered.</summary>
    public bool IsOff => signal is null;

    /// <summary>Completes when it is time.</summary>
    public Task Call => signal?.Task ?? Never;

    public void Set(TimeSpan? after)
    {
        if (after is not { } wait)
        {
            signal = null;
            timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        // Asynchronously, for the timer's thread has other things to do. A late tick of the call before is an early one of this: what the
        // session does then depends on the clock.
        signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        timer ??= time.CreateTimer(static state => ((WakeUp)state!).signal?.TrySetResult(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan); // Its state is this.
        timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => timer?.Dispose();
}
