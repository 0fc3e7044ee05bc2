// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing;
using Mesh.Xds.Edge;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Tests.Edge;

internal sealed class OpenStreamsTests
{
    [Test]
    public async Task Drain_is_spread_evenly_over_its_time()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.Zero };
        var open = new OpenStreams(time);
        var streams = Enumerable.Range(0, 100).Select(_ => open.TryOpen(CancellationToken.None)!).ToList();

        var drain = open.DrainAsync(TimeSpan.FromSeconds(1));

        var counts = new List<int>();
        for (var step = 0; step < 50; step++)
        {
            counts.Add(streams.Count(static stream => stream.IsSentAway));
            time.Advance(TimeSpan.FromMilliseconds(20));
        }

        await drain.WithTimeout();
        Assert.That(counts[0], Is.Zero);
        Assert.That(counts[25], Is.EqualTo(50).Within(6));
        Assert.That(counts, Is.Ordered);
        Assert.That(streams, Has.All.Property("IsSentAway").True);
    }

    [Test]
    public void Closed_takes_no_more()
    {
        var open = new OpenStreams(TimeProvider.System);
        using var stream = open.TryOpen(CancellationToken.None);

        Assert.That(open.Close(), Is.EqualTo(1));

        Assert.That(open.TryOpen(CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task Stream_that_has_ended_by_itself_is_left_alone()
    {
        var open = new OpenStreams(TimeProvider.System);
        var stream = open.TryOpen(CancellationToken.None)!;
        stream.Dispose();

        await open.DrainAsync(TimeSpan.Zero).WithTimeout();
        await stream.EndAsync(OpenStreams.Stopping).WithTimeout();

        Assert.That((stream.IsSentAway, open.Count), Is.EqualTo((false, 0)));
    }
}
