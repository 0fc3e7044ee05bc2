// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Mesh.Xds.Edge;
using Mesh.Xds.Peers;
using Microsoft.AspNetCore.Http;

namespace Mesh.Xds.Streams;

/// <summary>The streaming methods of all discovery services: which variant a stream speaks, how it begins and how it ends.</summary>
internal sealed class AdsService(StreamServices services, StreamEdge edge, OpenStreams streams, PeerGate peers)
{
    /// <param name="only">The type of a service of one type; null for the aggregated service.</param>
    /// <param name="requests">What the proxy sends.</param>
    /// <param name="responses">Not used: responses go to the body as the bytes that they are already.</param>
    /// <param name="context">The call.</param>
    public Task DeltaAsync(
        ResourceType? only, IAsyncStreamReader<DeltaDiscoveryRequest> requests, IServerStreamWriter<EncodedResponse> responses, ServerCallContext context) =>
        RunAsync(
            start => new XdsStream<DeltaDiscoveryRequest>(ProtocolVariants.Delta, only, services, start),
            Weighed(requests, NameWeight.Delta(), context),
            context);

    /// <inheritdoc cref="DeltaAsync"/>
    public Task StateOfTheWorldAsync(
        ResourceType? only, IAsyncStreamReader<DiscoveryRequest> requests, IServerStreamWriter<EncodedResponse> responses, ServerCallContext context) =>
        RunAsync(
            start => new XdsStream<DiscoveryRequest>(ProtocolVariants.StateOfTheWorld, only, services, start),
            Weighed(requests, NameWeight.StateOfTheWorld(), context),
            context);

    private async Task RunAsync<TRequest>(
        Func<StreamStart, XdsStream<TRequest>> newStream, WeighedRequests<TRequest> requests, ServerCallContext context)
        where TRequest : class
    {
        using var weighed = requests;
        using var open = streams.TryOpen(context.CancellationToken) ?? throw Stopping();
        try
        {
            await ServeAsync(newStream, requests, (open, context.GetHttpContext()));
        }
        catch (Exception e) when (open.Farewell is not null && e is OperationCanceledException or IOException)
        {
            throw new RpcException(open.Farewell.Value);
        }
        catch (Exception e) when (context.CancellationToken.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The proxy has gone: the usual end of a stream.
        }

        if (open.Farewell is { } farewell)
        {
            throw new RpcException(farewell);
        }
    }

    private async Task ServeAsync<TRequest>(
        Func<StreamStart, XdsStream<TRequest>> newStream,
        WeighedRequests<TRequest> requests,
        (OpenStream Open, HttpContext Http) call)
        where TRequest : class
    {
        RefuseCompression(call.Http.Request);
        var ct = call.Open.Stop.Token;
        var peer = await peers.EnterAsync(call.Http, ct);
        using var place = peers.Open(peer);
        call.Open.Until = peer?.Until;
        await FirstRequest.ArrivedAsync(call.Http.Request.BodyReader, (edge.Limits.FirstRequestTime, edge.Time), ct);
        using var admission = await edge.Admission.EnterAsync(call.Http.Connection.Id, ct);
        if (await requests.MoveNext(ct))
        {
            await newStream(new StreamStart(peer, admission, denied => peers.Tell(call.Http, peer, denied))).ServeAsync(requests, call.Http.Response.BodyWriter, call.Open.Stop);
        }
    }

    private WeighedRequests<TRequest> Weighed<TRequest>(IAsyncStreamReader<TRequest> requests, Func<TRequest, long> weigh, ServerCallContext context) =>
        new(requests, weigh, new ClientAccount(edge.Names, context.GetHttpContext().Connection.Id, edge.Limits.NameBytesPerConnection));

    // No proxy compresses its requests, and a small one could be of any size then.
    private static void RefuseCompression(HttpRequest request)
    {
        var encoding = request.Headers["grpc-encoding"].ToString();
        if (encoding is not ("" or "identity"))
        {
            throw new RpcException(new Status(StatusCode.Unimplemented, $"grpc-encoding is \"{encoding}\"; requests must come uncompressed."));
        }
    }

    private static RpcException Stopping() => new(OpenStreams.Stopping);
}
