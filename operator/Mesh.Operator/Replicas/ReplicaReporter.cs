// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Mesh.Operator.Kubernetes;
using Mesh.Xds.Client;
using Mesh.Xds.Hosting.Tls;

namespace Mesh.Operator.Replicas;

/// <summary>Tells the leader of this replica's proxies for as long as another one leads: first all, then what changes, the newest when it is asked.</summary>
internal sealed class ReplicaReporter(FleetBoard board, LeaseBoard lease, ReporterIdentity self, ReplicaServices services) : BackgroundService
{
    private string? told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backOff = new BackOff(services.Options.FirstPause, services.Options.LongestPause, Random.Shared.NextDouble);
        try
        {
            while (true)
            {
                var (leader, changed) = lease.Leader.Read();
                if (leader.IsSelfOrNobody)
                {
                    lease.Heard();
                    backOff.Reset();
                    await changed.WaitAsync(stoppingToken);
                    continue;
                }

                await TryAsync(leader, changed, backOff, stoppingToken);
                using var pause = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                await Task.WhenAny(changed, Task.Delay(backOff.Next(), services.Time, pause.Token));
                await pause.CancelAsync();
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
    }

    private async Task TryAsync(LeaseView leader, Task changed, BackOff backOff, CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        try
        {
            if (leader.Address is not { } address)
            {
                throw new IOException("the lease does not say where it is; it needs --listen with an address, and in a pod POD_IP beside it");
            }

            using var channel = ReplicaChannel.Open(address, self.Tls);
            using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(ReplicaMethod.Report, host: null, new CallOptions(cancellationToken: end.Token));
            await ReportAsync(call, (leader, changed, backOff), end.Token);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
        catch (Exception e)
        {
            // Whatever stands between the replicas, an address that nobody can read included: this one goes on serving, and tries again.
            Tell(leader, changed, e);
        }
        finally
        {
            await end.CancelAsync();
            lease.NotHeard();
        }
    }

    private async Task ReportAsync(
        AsyncDuplexStreamingCall<ReplicaReport, ReplicaAnswer> call, (LeaseView View, Task Changed, BackOff BackOff) leader, CancellationToken ct)
    {
        OwnFigures? known = null;
        var lastWord = services.Time.GetTimestamp();
        var answer = call.ResponseStream.MoveNext(ct);
        while (true)
        {
            var (figures, next) = board.Own.Read();
            var report = figures is null || ReferenceEquals(figures, known)
                ? new ReplicaReport { Replica = self.Name }
                : ReplicaDelta.Of(self.Name, known, figures, board.Now);
            var silent = services.Time.GetElapsedTime(lastWord);
            if (!report.IsEmpty || (known is not null && silent >= services.Options.Beat))
            {
                await call.RequestStream.WriteAsync(report, ct);
                (lastWord, silent) = (services.Time.GetTimestamp(), TimeSpan.Zero);
                if (!await answer)
                {
                    return;
                }

                answer = call.ResponseStream.MoveNext(ct);
                Heard(leader.View, leader.BackOff);
                await Task.Delay(services.Options.Pace, services.Time, ct);
            }

            known = figures ?? known;
            await WaitAsync([next, answer, leader.Changed], known is null ? services.Options.Beat : services.Options.Beat - silent, ct);
            if (leader.Changed.IsCompleted || answer.IsCompleted)
            {
                // There is another leader, or this one has ended the stream.
                return;
            }
        }
    }

    /// <summary>Waits for something to tell, at most until the next beat: figures that come anew and are the same tell nothing.</summary>
    private async Task WaitAsync(Task[] events, TimeSpan limit, CancellationToken ct)
    {
        using var beat = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny([.. events, Task.Delay(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, services.Time, beat.Token)]);
        await beat.CancelAsync();
    }

    private void Heard(LeaseView leader, BackOff backOff)
    {
        lease.Heard();
        backOff.Reset();
        if (told != leader.ToString())
        {
            told = leader.ToString();
            services.Log.LeaderIsTold(leader.Holder, leader.Address ?? string.Empty);
        }
    }

    private void Tell(LeaseView leader, Task changed, Exception e)
    {
        var problem = e is RpcException { Status: var status } ? $"{status.StatusCode}: {status.Detail}" : e.Message;
        var line = $"{leader} is not told";
        if (told != line && !changed.IsCompleted && lease.IsUnheard)
        {
            told = line;
            services.Log.LeaderNotTold(leader.Holder, problem);
        }
    }
}

/// <summary>Who reports, and by what certificates.</summary>
/// <param name="Name">Of this replica.</param>
/// <param name="Tls">Null for plain text.</param>
internal sealed record ReporterIdentity(string Name, PeerTls? Tls);
