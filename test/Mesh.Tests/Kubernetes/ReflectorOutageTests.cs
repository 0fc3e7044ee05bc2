// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Crds.Kinds;
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Sources;
using Mesh.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mesh.Tests.Kubernetes;

/// <summary>How soon kinds are followed again after an outage. One of the two waits half as long as the other.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ReflectorOutageTests : IAsyncDisposable
{
    private static readonly ReflectedKind Pods = ReflectedKind.Of(KindCatalog.FindByKind("Pod")!);
    private static readonly ReflectedKind Services = ReflectedKind.Of(KindCatalog.FindByKind("Service")!);

    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> runs = [];
    private readonly PauseClock time = new();
    private readonly OutageServer server = new();
    private readonly Newest<bool> returns;
    private readonly Reflector quick;
    private readonly Reflector slow;

    public ReflectorOutageTests()
    {
        var services = new ReflectorServices(
            new WatchClient(server.Client, time), new Newest<WatchDefinitions>(WatchDefinitions.Pending), time, NullLogger.Instance);
        returns = services.Returns;
        quick = Run(Pods, services with { Random = static () => 0 });
        slow = Run(Services, services with { Random = static () => 1 });
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(runs).WithTimeout();
        server.Dispose();
        stop.Dispose();
    }

    [Test]
    public async Task Kind_that_gets_through_wakes_the_others_within_half_a_second()
    {
        var pauses = await LongOutageAsync();
        server.Come(Pods.Path);
        server.Come(Services.Path);

        time.Advance(TimeSpan.FromSeconds(5));
        await quick.Synced.WithTimeout();
        var begun = await time.PausesAsync(pauses + 1);
        Assert.That(slow.Synced.IsCompleted, Is.False, "they do not come all at once");
        time.Advance(TimeSpan.FromSeconds(0.5));
        await slow.Synced.WithTimeout();

        Assert.That(begun[pauses], Is.EqualTo(TimeSpan.FromSeconds(0.5)));
    }

    [Test]
    public async Task Server_that_comes_and_goes_wakes_a_kind_once_in_ten_seconds()
    {
        var pauses = await LongOutageAsync();
        server.Come(Pods.Path);
        time.Advance(TimeSpan.FromSeconds(5));
        await quick.Synced.WithTimeout();
        await time.PausesAsync(pauses + 1);

        // The other one is still away: its pauses grow anew from the first.
        foreach (var seconds in new[] { 0.5, 0.1, 0.2, 0.4 })
        {
            time.Advance(TimeSpan.FromSeconds(seconds));
            await time.PausesAsync(++pauses + 1);
        }

        // It waits for 0.8 s now, and is woken by nobody.
        var (_, returned) = returns.Read();
        server.Go(Pods.Path);
        server.Come(Pods.Path);
        server.Come(Services.Path);
        var begun = await time.PausesAsync(pauses + 2);
        time.Advance(begun[^1]);
        await returned.WithTimeout();
        time.Advance(TimeSpan.FromSeconds(0.7));
        Assert.That(slow.Synced.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(0.1));
        await slow.Synced.WithTimeout();

        Assert.That(time.Pauses.Value.Skip(begun.Count), Is.Empty);
    }

    [Test]
    public async Task Refusal_wakes_nobody_and_is_not_cut_short()
    {
        var pauses = await LongOutageAsync();
        server.Answer = HttpStatusCode.Forbidden;
        time.Advance(TimeSpan.FromSeconds(5));
        var begun = await time.PausesAsync(pauses + 1);

        Assert.That(begun[pauses], Is.EqualTo(TimeSpan.FromSeconds(5)), "the one that asked waits again, the other one goes on waiting");
    }

    /// <summary>It was away before, but the server's last word to this kind was another one.</summary>
    [TestCase(HttpStatusCode.Forbidden, null)]
    [TestCase(HttpStatusCode.TooManyRequests, 5)]
    [TestCase(HttpStatusCode.ServiceUnavailable, 5)]
    public async Task Kind_that_was_refused_or_asked_for_patience_is_not_woken(HttpStatusCode answer, int? seconds)
    {
        var pauses = await LongOutageAsync();
        server.Answer = answer;
        server.RetryAfter = seconds is { } asked ? TimeSpan.FromSeconds(asked) : null;
        time.Advance(TimeSpan.FromSeconds(5));
        await time.PausesAsync(pauses + 1);
        time.Advance(TimeSpan.FromSeconds(5));
        var begun = await time.PausesAsync(pauses + 3);
        Assert.That(begun.TakeLast(2), Is.EquivalentTo([TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)]));
        var (_, returned) = returns.Read();

        server.Come(Pods.Path);
        server.Come(Services.Path);
        time.Advance(TimeSpan.FromSeconds(5));
        await quick.Synced.WithTimeout();
        await returned.WithTimeout();
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.That(slow.Synced.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(0.1));
        await slow.Synced.WithTimeout();

        Assert.That(time.Pauses.Value.Skip(begun.Count), Is.Empty);
    }

    /// <summary>Both have been away for so long that their pauses are as long as they get: 5 and 10 s.</summary>
    /// <returns>Pauses that have begun.</returns>
    private async Task<int> LongOutageAsync()
    {
        const int failures = 9;
        for (var failure = 1; failure < failures; failure++)
        {
            await time.PausesAsync(2 * failure);
            time.Advance(TimeSpan.FromSeconds(10));
        }

        var begun = await time.PausesAsync(2 * failures);
        Assert.That(begun.TakeLast(2), Is.EquivalentTo([TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)]));
        return begun.Count;
    }

    private Reflector Run(ReflectedKind kind, ReflectorServices services)
    {
        var reflector = new Reflector(kind, new ReflectorStoreSink(new ResourceStore(), tellsProblems: false, NullLogger.Instance), services);
        runs.Add(Task.Run(() => reflector.RunAsync(stop.Token)));
        return reflector;
    }
}
