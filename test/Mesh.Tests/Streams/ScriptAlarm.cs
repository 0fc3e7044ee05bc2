// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Tests.Streams;

/// <summary>The clock of a session, which is woken whenever it asked for that.</summary>
internal sealed class ScriptAlarm
{
    private DateTimeOffset? wakeAt;

    public FakeTimeProvider Time { get; } = new();

    /// <summary>Time left until the session wants to be woken.</summary>
    public TimeSpan? Left => wakeAt - Time.GetUtcNow();

    public void Set(TimeSpan? after) => wakeAt = Time.GetUtcNow() + after;

    /// <summary>Lets time pass.</summary>
    /// <param name="time">How much.</param>
    /// <param name="wake">Wakes the session, which sets the alarm anew; what it sent.</param>
    /// <returns>All that was sent.</returns>
    public string Elapse(TimeSpan time, Func<string> wake)
    {
        var sent = new List<string>();
        var left = time;
        while (Left is { } wait && wait <= left)
        {
            Time.Advance(wait);
            left -= wait;
            Assert.That(sent, Has.Count.LessThan(1000), "the session is woken again and again");
            sent.Add(wake());
        }

        Time.Advance(left);
        return string.Join(" | ", sent.Where(static text => text.Length > 0));
    }
}
