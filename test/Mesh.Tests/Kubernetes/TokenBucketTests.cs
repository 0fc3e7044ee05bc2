// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Kubernetes;
using Mesh.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Tests.Kubernetes;

internal sealed class TokenBucketTests
{
    [Test]
    public async Task Burst_is_free_and_what_is_beyond_waits_for_its_turn()
    {
        var time = new FakeTimeProvider();
        var bucket = new TokenBucket(rate: 10, burst: 3, time);
        var calls = Enumerable.Range(0, 5).Select(_ => bucket.TakeAsync(CancellationToken.None)).ToList();

        Assert.That(calls.Select(call => call.IsCompleted), Is.EqualTo([true, true, true, false, false]));
        time.Advance(TimeSpan.FromMilliseconds(100));
        await calls[3].WithTimeout();
        Assert.That(calls[4].IsCompleted, Is.False);
        time.Advance(TimeSpan.FromMilliseconds(100));
        await calls[4].WithTimeout();
    }

    [Test]
    public void Quiet_time_saves_no_more_than_a_burst()
    {
        var time = new FakeTimeProvider();
        var bucket = new TokenBucket(rate: 10, burst: 2, time);
        time.Advance(TimeSpan.FromHours(1));

        Assert.That(Enumerable.Range(0, 3).Select(_ => bucket.TryTake()), Is.EqualTo([true, true, false]));
    }

    [Test]
    public void Refused_call_costs_nothing()
    {
        var time = new FakeTimeProvider();
        var bucket = new TokenBucket(rate: 1, burst: 1, time);
        bucket.TryTake();
        bucket.TryTake();
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(bucket.TryTake(), Is.True);
    }
}
