// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Operator.Pipeline;
using Mesh.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Tests.Kubernetes;

/// <summary>A clock that stands until it is told to go on, and tells who waits for it: a pause counts from the moment at which it begins.</summary>
internal sealed class PauseClock : FakeTimeProvider
{
    /// <summary>Longer ones are limits of requests, not pauses.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();

    public Newest<ImmutableList<TimeSpan>> Pauses { get; } = new([]);

    /// <summary>Waits until so many pauses have begun.</summary>
    public Task<ImmutableList<TimeSpan>> PausesAsync(int count) =>
        Pauses.WaitForAsync(pauses => pauses.Count >= count, CancellationToken.None).WithTimeout();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime >= TimeSpan.Zero && dueTime <= LongestPause)
        {
            lock (gate)
            {
                Pauses.Publish(Pauses.Value.Add(dueTime));
            }
        }

        return timer;
    }
}
