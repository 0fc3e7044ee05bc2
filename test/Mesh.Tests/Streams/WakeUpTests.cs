// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing;
using Mesh.Xds.Streams;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Tests.Streams;

internal sealed class WakeUpTests
{
    private readonly FakeTimeProvider time = new();

    [Test]
    public async Task Call_comes_when_it_is_time()
    {
        using var wakeUp = new WakeUp(time);
        wakeUp.Set(TimeSpan.FromSeconds(2));

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(wakeUp.Call.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(1));
        await wakeUp.Call.WithTimeout();
    }

    [Test]
    public async Task Call_takes_the_place_of_the_one_before()
    {
        using var wakeUp = new WakeUp(time);
        wakeUp.Set(TimeSpan.FromSeconds(1));
        wakeUp.Set(TimeSpan.FromSeconds(3));

        time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(wakeUp.Call.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(1));
        await wakeUp.Call.WithTimeout();
    }

    [Test]
    public void Call_that_was_taken_back_never_comes()
    {
        using var wakeUp = new WakeUp(time);
        wakeUp.Set(TimeSpan.FromSeconds(1));
        wakeUp.Set(null);

        time.Advance(TimeSpan.FromDays(1));

        Assert.That((wakeUp.IsOff, wakeUp.Call.IsCompleted), Is.EqualTo((true, false)));
    }
}
