// SPDX-License-Identifier: Apache-2.0
using System.IO.Pipelines;
using Grpc.Core;
using Mesh.Xds.Acks;
using Mesh.Xds.Hosting;
using Mesh.Xds.Snapshots;
using Microsoft.Extensions.Logging;

namespace Mesh.Xds.Streams;

/// <summary>
/// Carries events into a session and its responses out of it; decides nothing. One event at a time: the next request is read when the one
/// before was handled and answered, and HTTP/2 tells a proxy that asks faster than it reads to wait; a slow proxy finds the newest snapshot.
/// </summary>
/// <param name="variant">The variant of the protocol.</param>
/// <param name="only">The one type that the stream is for; null for all.</param>
/// <param name="services">Where events come from and where answers go.</param>
/// <param name="start">Who comes, and its place among the streams that start.</param>
internal sealed class XdsStream<TRequest>(ProtocolVariant<TRequest> variant, ResourceType? only, StreamServices services, StreamStart start)
    where TRequest : class
{
    // What was asked for is to be known before it is answered; but who goes on asking is not to miss the news.
    private const int MostRequestsInRow = 16;

    /// <summary>Serves the stream, whose first request was read.</summary>
    public async Task ServeAsync(IAsyncStreamReader<TRequest> requests, PipeWriter responses, CancellationTokenSource stop)
    {
        var proxy = Identify(requests.Current);
        var streamId = services.Ledger.NextStreamId();
        var session = variant.NewSession(proxy, streamId, services.Time);
        using var wakeUp = new WakeUp(services.Time);
        await using var snapshots = services.Snapshots.SubscribeAsync(proxy.Node, stop.Token).GetAsyncEnumerator(stop.Token);
        var request = Task.FromResult(true);
        var snapshot = snapshots.MoveNextAsync().AsTask();
        try
        {
            for (var inRow = 0; ;)
            {
                if (!request.IsCompleted && !snapshot.IsCompleted && !wakeUp.Call.IsCompleted)
                {
                    await (wakeUp.IsOff ? (Task)Task.WhenAny(request, snapshot) : Task.WhenAny(request, snapshot, wakeUp.Call));
                }

                SessionOutput output;
                if (request.IsCompleted && (inRow < MostRequestsInRow || !snapshot.IsCompleted))
                {
                    if (!await request)
                    {
                        return;
                    }

                    inRow++;
                    output = session.Handle(new SessionEvent<TRequest>.Request(Typed(requests.Current)));
                    await WriteAsync(output, responses, stop.Token);
                    EndInitialSync(isSynced: services.Snapshots.Current is null);
                    request = requests.MoveNext(stop.Token);
                }
                else if (snapshot.IsCompleted)
                {
                    _ = await snapshot;
                    inRow = 0;
                    output = session.Handle(new SessionEvent<TRequest>.Published(snapshots.Current));
                    await WriteAsync(output, responses, stop.Token);
                    EndInitialSync(isSynced: true);
                    snapshot = snapshots.MoveNextAsync().AsTask();
                }
                else
                {
                    output = session.Handle(new SessionEvent<TRequest>.Retry());
                    await WriteAsync(output, responses, stop.Token);
                }

                wakeUp.Set(output.RetryAfter);
                Tell(output, proxy, streamId);
            }
        }
        finally
        {
            services.Ledger.Remove(streamId);
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(request, snapshot)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private ProxyIdentity Identify(TRequest first)
    {
        var (proxy, problem) = ProxyIdentity.From(variant.NodeOf(Typed(first)), services.Nodes, start.Peer);
        if (proxy is not null || problem.StatusCode == StatusCode.PermissionDenied)
        {
            start.Identified(proxy is null ? problem.Detail : null);
        }

        return proxy ?? throw new RpcException(problem);
    }

    private void Tell(SessionOutput output, ProxyIdentity proxy, long streamId)
    {
        services.BadNames.Tell(proxy.Node.Name, output.Problems);
        if (output.LosesTtl)
        {
            services.Log.TtlNotSent(streamId, proxy.Node.Name.Value, ClientFeaturesReader.ResourceInSotw);
        }
    }

    // While nothing is published there is nothing to sync to; whoever comes is to be seen waiting for it.
    private void EndInitialSync(bool isSynced)
    {
        if (isSynced)
        {
            start.InitialSync.Dispose();
        }
    }

    private async Task WriteAsync(SessionOutput output, PipeWriter responses, CancellationToken ct)
    {
        // Booked before it is written: the answer must find it there.
        services.Ledger.Count(output);
        if (output.State is { } state)
        {
            services.Ledger.Update(state);
        }

        foreach (var response in output.Responses)
        {
            await response.WriteAsync(responses, services.Gate, ct);
        }

        if (output.Abort is { } abort)
        {
            throw new RpcException(abort);
        }
    }

    // A service of one type need not be told the type.
    private TRequest Typed(TRequest request)
    {
        if (only is not { } type || variant.TypeUrlOf(request) == type.TypeUrl())
        {
            return request;
        }

        if (variant.TypeUrlOf(request) is { Length: > 0 } other)
        {
            throw new RpcException(new Status(
                StatusCode.InvalidArgument, $"type_url is \"{other}\"; this service serves {type.TypeUrl()}, the aggregated one serves all."));
        }

        variant.SetTypeUrl(request, type.TypeUrl());
        return request;
    }
}

/// <param name="Snapshots">What is to be served.</param>
/// <param name="Ledger">Told what proxies accept and refuse.</param>
/// <param name="Nodes">Tells which node a proxy is.</param>
/// <param name="Gate">Lets large responses go in turns.</param>
/// <param name="Time">The clock.</param>
/// <param name="BadNames">Told what is wrong with names that proxies ask for.</param>
/// <param name="Log">Told what a stream's client should know.</param>
internal sealed record StreamServices(
    SnapshotStore Snapshots, AckLedger Ledger, INodeResolver Nodes, BulkGate Gate, TimeProvider Time, BadNames BadNames, ILogger<StreamServices> Log);
