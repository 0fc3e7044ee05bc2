// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Mesh.Operator.Kubernetes;

namespace Mesh.Operator.Replicas;

/// <summary>Takes the reports of the other replicas while this one leads.</summary>
internal sealed class ReplicaService(FleetBoard board, ILeadership leadership, ReplicaAccess access, ReplicaServices services)
{
    public async Task ReportAsync(
        IAsyncStreamReader<ReplicaReport> reports, IServerStreamWriter<ReplicaAnswer> answers, ServerCallContext context)
    {
        if (access.Problem(context.GetHttpContext().Connection) is { } problem)
        {
            services.Log.ReplicaRefused(context.Peer, problem);
            throw new RpcException(new Grpc.Core.Status(StatusCode.PermissionDenied, problem));
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, services.Lifetime.ApplicationStopping);
        var changed = leadership.WaitForChangeAsync(end.Token);
        ReplicaState? replica = null;
        try
        {
            while (leadership.IsLeader && await NextAsync(reports, changed, end.Token))
            {
                replica ??= Enter(reports.Current.Replica);
                board.Apply(replica, reports.Current);
                await answers.WriteAsync(new ReplicaAnswer(), end.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or RpcException)
        {
            // The usual end: the replica is gone, or this one is going.
        }
        finally
        {
            Leave(replica);
            await end.CancelAsync();
        }

        if (!leadership.IsLeader || services.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new RpcException(new Grpc.Core.Status(StatusCode.FailedPrecondition, "This replica does not lead; the lease says which one does."));
        }
    }

    /// <summary>False when there is none to come: the replica has ended, is silent for too long, or this one no longer leads.</summary>
    private async Task<bool> NextAsync(IAsyncStreamReader<ReplicaReport> reports, Task changed, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var next = reports.MoveNext(ct);
        var first = await Task.WhenAny(next, changed, Task.Delay(services.Options.Silence, services.Time, limit.Token));
        await limit.CancelAsync();
        return first == next && await next;
    }

    private ReplicaState Enter(string replica)
    {
        services.Log.ReplicaReports(replica);
        return board.Enter(replica);
    }

    private void Leave(ReplicaState? replica)
    {
        if (replica is not null)
        {
            services.Log.ReplicaIsGone(replica.Name);
            board.Leave(replica);
        }
    }
}

/// <summary>What the service and the reporter need beside the board.</summary>
internal sealed record ReplicaServices(FleetOptions Options, TimeProvider Time, IHostApplicationLifetime Lifetime, ILogger<ReplicaService> Log);
