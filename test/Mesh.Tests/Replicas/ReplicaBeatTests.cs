// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Replicas;
using Mesh.Testing;
using Mesh.Tests.Kubernetes;

namespace Mesh.Tests.Replicas;

/// <summary>A replica that has nothing to tell says so in time: the leader takes one that is silent to be gone.</summary>
internal sealed class ReplicaBeatTests
{
    private readonly FleetOptions options = new();

    [Test]
    public async Task Beat_comes_in_time_though_figures_come_anew_all_the_time_and_are_the_same()
    {
        var time = new PauseClock();
        await using var leader = await ReplicaHost.StartAsync("a");
        await leader.LeadAsync();
        await using var other = await ReplicaHost.StartAsync("b", time: time);
        other.HaveProxies("n1");
        other.Follow("a", leader.Address);
        await leader.CountsAsync(1);
        await WordsAsync(time, 1);
        time.Advance(options.Pace);

        var begun = 2;
        await time.PausesAsync(begun);
        for (var silent = TimeSpan.Zero; silent < options.Beat; silent += TimeSpan.FromSeconds(1))
        {
            // News come, which are none, and it goes on waiting: for the rest of the beat.
            other.HaveProxies("n1");
            await time.PausesAsync(++begun);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await WordsAsync(time, 2);
    }

    /// <summary>Waits until it has told the leader so often: after each word that was answered it pauses.</summary>
    private async Task WordsAsync(PauseClock time, int count) =>
        await time.Pauses.WaitForAsync(pauses => pauses.Count(pause => pause == options.Pace) >= count, CancellationToken.None).WithTimeout();
}
