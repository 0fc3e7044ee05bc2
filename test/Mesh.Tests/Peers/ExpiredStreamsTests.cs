// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing;
using Mesh.Xds.Edge;
using Mesh.Xds.Peers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Tests.Peers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ExpiredStreamsTests : IDisposable
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly RecordedLogs logs = new();
    private readonly LoggerFactory factory;
    private readonly FakeJudge judge = new();
    private readonly OpenStreams open;
    private readonly ExpiredStreams expired;

    public ExpiredStreamsTests()
    {
        factory = new LoggerFactory([logs]);
        open = new OpenStreams(time);
        expired = new ExpiredStreams(open, judge, new EdgeLimits(), time, factory.CreateLogger<ExpiredStreams>());
    }

    public void Dispose()
    {
        expired.Dispose();
        factory.Dispose();
        logs.Dispose();
    }

    [Test]
    public async Task Stream_is_ended_when_its_token_is_out_of_date_and_others_are_not()
    {
        var (token, newer, certificate) = (Open(TimeSpan.FromMinutes(10)), Open(TimeSpan.FromMinutes(30)), Open(null));

        await LookAtAsync(TimeSpan.FromMinutes(11));
        Assert.That(token.IsSentAway, Is.False, "there is grace");
        await LookAtAsync(TimeSpan.FromMinutes(2));

        Assert.That((token.IsSentAway, newer.IsSentAway, certificate.IsSentAway), Is.EqualTo((true, false, false)));
        Assert.That(token.Farewell?.Detail, Is.EqualTo("The token that this stream began with has expired; come again with the newer one."));
        Assert.That(judge.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task Stream_is_kept_while_nobody_judges_tokens_and_a_while_after()
    {
        var stream = Open(TimeSpan.FromMinutes(10));
        judge.IsThere = false;

        await LookAtAsync(TimeSpan.FromHours(5));
        await LookAtAsync(TimeSpan.FromHours(5));
        judge.IsThere = true;
        await LookAtAsync(TimeSpan.FromMinutes(1));
        await LookAtAsync(TimeSpan.FromMinutes(1));
        Assert.That(stream.IsSentAway, Is.False);
        await LookAtAsync(TimeSpan.FromMinutes(1.1));

        Assert.That(stream.IsSentAway, Is.True);
        Assert.That(logs.Lines, Is.EqualTo(["Warning 1 streams have outlived their tokens and are kept, for nobody can judge newer ones now"]));
    }

    [Test]
    public async Task Not_all_are_ended_at_once_and_the_oldest_first()
    {
        var streams = Enumerable.Range(0, 1200).Select(i => Open(TimeSpan.FromMilliseconds(1200 - i))).ToList();

        await LookAtAsync(TimeSpan.FromMinutes(3));

        Assert.That(streams.Count(static stream => stream.IsSentAway), Is.EqualTo(500));
        Assert.That(streams[^500..], Has.All.Property("IsSentAway").True);
    }

    private OpenStream Open(TimeSpan? lifetime)
    {
        var stream = open.TryOpen(CancellationToken.None)!; // Nothing stops.
        stream.Until = time.GetUtcNow() + lifetime;
        return stream;
    }

    private Task LookAtAsync(TimeSpan later)
    {
        time.Advance(later);
        return expired.LookAsync(CancellationToken.None).WithTimeout();
    }
}
