// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Mesh.Model;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;
using Microsoft.Extensions.Hosting;

namespace Mesh.Xds.Streams;

/// <summary>Carries events into a session and its responses out of it; decides nothing.</summary>
internal sealed class AdsService(SnapshotStore snapshots, AckLedger ledger, IHostApplicationLifetime lifetime)
{
    // Full when the proxy reads slower than it asks: then we read no more requests, and HTTP/2 tells it to wait. The snapshots' reader
    // waits as well and finds the newest one afterwards.
    private const int EventCapacity = 16;

    /// <summary>The state-of-the-world variant is not there.</summary>
#pragma warning disable CA1822 // Grpc.AspNetCore binds methods of an instance.
    public Task StreamAggregatedResources(
        IAsyncStreamReader<DiscoveryRequest> requests, IServerStreamWriter<DiscoveryResponse> responses, ServerCallContext context) =>
        throw new RpcException(new Status(
            StatusCode.Unimplemented,
            "State-of-the-world ADS is not served: set ads_config.api_type to DELTA_GRPC in the proxy's bootstrap."));
#pragma warning restore CA1822

    public async Task DeltaAggregatedResources(
        IAsyncStreamReader<DeltaDiscoveryRequest> requests, IServerStreamWriter<EncodedResponse> responses, ServerCallContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            if (await requests.MoveNext(stop.Token))
            {
                await ServeAsync(requests, responses, stop);
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The control plane is stopping."));
        }
        catch (Exception e) when (context.CancellationToken.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The proxy has gone: the usual end of a stream.
        }
    }

    private async Task ServeAsync(
        IAsyncStreamReader<DeltaDiscoveryRequest> requests, IServerStreamWriter<EncodedResponse> responses, CancellationTokenSource stop)
    {
        var first = requests.Current;
        var (proxy, problem) = ProxyIdentity.From(first.Node);
        if (proxy is null)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, problem));
        }

        var events = Channel.CreateBounded<SessionEvent>(EventCapacity);
        var streamId = ledger.NextStreamId();
        var session = new DeltaSession(proxy, streamId, SessionLimits.Default);
        var readers = Task.CompletedTask;
        try
        {
            await WriteAsync(session.Handle(new SessionEvent.Request(first)), responses, stop.Token);
            readers = FeedAsync(requests, proxy.Node, events.Writer, stop.Token);
            await foreach (var next in events.Reader.ReadAllAsync(stop.Token))
            {
                await WriteAsync(session.Handle(next), responses, stop.Token);
            }
        }
        finally
        {
            ledger.Remove(streamId);
            await stop.CancelAsync();
            await readers;
        }
    }

    private async Task WriteAsync(SessionOutput output, IServerStreamWriter<EncodedResponse> responses, CancellationToken ct)
    {
        // Booked before it is written: the answer must find it there.
        ledger.Count(output);
        if (output.State is { } state)
        {
            ledger.Update(state);
        }

        foreach (var response in output.Responses)
        {
            await responses.WriteAsync(response, ct);
        }

        if (output.Abort is { } abort)
        {
            throw new RpcException(abort);
        }
    }

    private async Task FeedAsync(
        IAsyncStreamReader<DeltaDiscoveryRequest> requests, MeshNode node, ChannelWriter<SessionEvent> events, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task[] readers = [ReadRequestsAsync(requests, events, either.Token), ReadSnapshotsAsync(node, events, either.Token)];
        var first = await Task.WhenAny(readers);

        // Whichever ends first ends the stream, with its error if it has one. The other one ends by cancellation, which is no error.
        events.TryComplete(first.IsFaulted ? first.Exception.InnerException : null);
        await either.CancelAsync();
        await Task.WhenAll(readers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task ReadRequestsAsync(
        IAsyncStreamReader<DeltaDiscoveryRequest> requests, ChannelWriter<SessionEvent> events, CancellationToken ct)
    {
        while (await requests.MoveNext(ct))
        {
            await events.WriteAsync(new SessionEvent.Request(requests.Current), ct);
        }
    }

    private async Task ReadSnapshotsAsync(MeshNode node, ChannelWriter<SessionEvent> events, CancellationToken ct)
    {
        await foreach (var snapshot in snapshots.SubscribeAsync(node, ct))
        {
            await events.WriteAsync(new SessionEvent.Published(snapshot), ct);
        }
    }
}
