// SPDX-License-Identifier: Apache-2.0
using System.IO.Pipelines;
using System.Threading.Channels;
using Grpc.Core;
using Mesh.Model;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>Carries events into a session and its responses out of it; decides nothing.</summary>
/// <param name="variant">The variant of the protocol.</param>
/// <param name="only">The one type that the stream is for; null for all.</param>
/// <param name="services">Where events come from and where answers go.</param>
/// <param name="start">Who comes, and its place among the streams that start.</param>
#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for has nothing to dispose of.
internal sealed class XdsStream<TRequest>(ProtocolVariant<TRequest> variant, ResourceType? only, StreamServices services, StreamStart start)
#pragma warning restore CA1001
    where TRequest : class
{
    // Full when the proxy reads slower than it asks: then we read no more requests, and HTTP/2 tells it to wait. The snapshots' reader
    // waits as well and finds the newest one afterwards.
    private const int EventCapacity = 16;

    // A request is in memory until it was handled; the next one stays with the proxy until then.
    private readonly SemaphoreSlim handled = new(0);

    /// <summary>Serves the stream, whose first request was read.</summary>
    public async Task ServeAsync(
        IAsyncStreamReader<TRequest> requests, PipeWriter responses, CancellationTokenSource stop)
    {
        var first = Typed(requests.Current);
        var (proxy, problem) = ProxyIdentity.From(variant.NodeOf(first), services.Nodes, start.Peer);
        if (proxy is null)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, problem));
        }

        var events = Channel.CreateBounded<SessionEvent<TRequest>>(EventCapacity);
        var streamId = services.Ledger.NextStreamId();
        var session = variant.NewSession(proxy, streamId);
        var readers = Task.CompletedTask;
        try
        {
            await WriteAsync(session.Handle(new SessionEvent<TRequest>.Request(first)), responses, stop.Token);
            handled.Release();
            if (services.Snapshots.Current is null)
            {
                // There is nothing to sync to; whoever comes is to be seen waiting for it.
                start.InitialSync.Dispose();
            }

            readers = FeedAsync(requests, proxy.Node, events.Writer, stop.Token);
            await foreach (var next in events.Reader.ReadAllAsync(stop.Token))
            {
                await WriteAsync(session.Handle(next), responses, stop.Token);
                next.Match(_ => handled.Release(), _ => EndInitialSync());
            }
        }
        finally
        {
            services.Ledger.Remove(streamId);
            await stop.CancelAsync();
            await readers;
        }
    }

    private int EndInitialSync()
    {
        start.InitialSync.Dispose();
        return 0;
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

    private async Task FeedAsync(
        IAsyncStreamReader<TRequest> requests, MeshNode node, ChannelWriter<SessionEvent<TRequest>> events, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task[] readers = [ReadRequestsAsync(requests, events, either.Token), ReadSnapshotsAsync(node, events, either.Token)];
        var first = await Task.WhenAny(readers);

        // Whichever ends first ends the stream, with its error if it has one. The other one ends by cancellation, which is no error.
        events.TryComplete(first.IsFaulted ? first.Exception.InnerException : null);
        await either.CancelAsync();
        await Task.WhenAll(readers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadRequestsAsync(
        IAsyncStreamReader<TRequest> requests, ChannelWriter<SessionEvent<TRequest>> events, CancellationToken ct)
    {
        await handled.WaitAsync(ct);
        while (await requests.MoveNext(ct))
        {
            await events.WriteAsync(new SessionEvent<TRequest>.Request(Typed(requests.Current)), ct);
            await handled.WaitAsync(ct);
        }
    }

    private async Task ReadSnapshotsAsync(MeshNode node, ChannelWriter<SessionEvent<TRequest>> events, CancellationToken ct)
    {
        await foreach (var snapshot in services.Snapshots.SubscribeAsync(node, ct))
        {
            await events.WriteAsync(new SessionEvent<TRequest>.Published(snapshot), ct);
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
internal sealed record StreamServices(SnapshotStore Snapshots, AckLedger Ledger, INodeResolver Nodes, BulkGate Gate);
