// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing;
using Mesh.Xds.Edge;

namespace Mesh.Tests.Edge;

internal sealed class FairLimiterTests
{
    [Test]
    public async Task Waiting_are_served_in_order()
    {
        var limiter = new FairLimiter(total: 1, perClient: 1, longestQueue: 9);
        var first = await limiter.TakeAsync("a", 1, CancellationToken.None);
        var second = limiter.TakeAsync("b", 1, CancellationToken.None).AsTask();
        var third = limiter.TakeAsync("c", 1, CancellationToken.None).AsTask();

        first!.Dispose();
        var share = await second.WithTimeout();
        Assert.That(third.IsCompleted, Is.False);
        share!.Dispose();

        await third.WithTimeout();
        Assert.That((limiter.InUse, limiter.Waiting), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Greedy_client_is_overtaken()
    {
        var limiter = new FairLimiter(total: 4, perClient: 2, longestQueue: 99);
        var greedy = Enumerable.Range(0, 50).Select(_ => limiter.TakeAsync("greedy", 1, CancellationToken.None).AsTask()).ToList();

        var others = new[] { limiter.TakeAsync("a", 1, CancellationToken.None).AsTask(), limiter.TakeAsync("b", 1, CancellationToken.None).AsTask() };

        await Task.WhenAll(others).WithTimeout();
        Assert.That(greedy.Count(static task => task.IsCompleted), Is.EqualTo(2));
    }

    [Test]
    public async Task Large_share_is_not_starved_by_small_ones()
    {
        var limiter = new FairLimiter(total: 4, perClient: 4, longestQueue: 99);
        var held = await limiter.TakeAsync("a", 1, CancellationToken.None);
        var large = limiter.TakeAsync("b", 4, CancellationToken.None).AsTask();

        var small = limiter.TakeAsync("c", 1, CancellationToken.None).AsTask();

        Assert.That((large.IsCompleted, small.IsCompleted), Is.EqualTo((false, false)));
        held!.Dispose();
        (await large.WithTimeout())!.Dispose();
        await small.WithTimeout();
    }

    [Test]
    public async Task Queue_that_is_full_takes_nobody()
    {
        var limiter = new FairLimiter(total: 1, perClient: 1, longestQueue: 1);
        await limiter.TakeAsync("a", 1, CancellationToken.None);
        _ = limiter.TakeAsync("b", 1, CancellationToken.None).AsTask();

        Assert.That(await limiter.TakeAsync("c", 1, CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task Who_gives_up_leaves_the_queue()
    {
        var limiter = new FairLimiter(total: 1, perClient: 1, longestQueue: 9);
        var first = await limiter.TakeAsync("a", 1, CancellationToken.None);
        using var patience = new CancellationTokenSource();
        var second = limiter.TakeAsync("b", 1, patience.Token).AsTask();
        var third = limiter.TakeAsync("c", 1, CancellationToken.None).AsTask();

        await patience.CancelAsync();

        await Assert.ThatAsync(() => second.WithTimeout(), Throws.InstanceOf<OperationCanceledException>());
        first!.Dispose();
        await third.WithTimeout();
        Assert.That(limiter.InUse, Is.EqualTo(1));
    }

    [Test]
    public async Task Shares_add_up_whatever_happens()
    {
        var limiter = new FairLimiter(total: 8, perClient: 5, longestQueue: 1000);
        var most = 0L;

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            using var patience = new CancellationTokenSource();
            await Task.Yield();
            var taking = limiter.TakeAsync($"c{i % 7}", 1 + (i % 5), patience.Token).AsTask();
            if (i % 3 == 0)
            {
                await patience.CancelAsync();
            }

            try
            {
                using var share = await taking;
                InterlockedMaximum(ref most, limiter.InUse);
                await Task.Yield();
            }
            catch (OperationCanceledException)
            {
                // As wanted.
            }
        })).WithTimeout();

        Assert.That((limiter.InUse, limiter.Waiting), Is.EqualTo((0, 0)));
        Assert.That(most, Is.LessThanOrEqualTo(8));
    }

    private static void InterlockedMaximum(ref long target, long value)
    {
        for (var seen = Volatile.Read(ref target); value > seen;)
        {
            seen = Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
