// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace Mesh.Xds.Streams;

/// <summary>The streaming methods of all discovery services: which variant a stream speaks, and how it ends.</summary>
internal sealed class AdsService(StreamServices services, IHostApplicationLifetime lifetime)
{
    /// <param name="only">The type of a service of one type; null for the aggregated service.</param>
    /// <param name="requests">What the proxy sends.</param>
    /// <param name="responses">Not used: responses go to the body as the bytes that they are already.</param>
    /// <param name="context">The call.</param>
    public Task DeltaAsync(
        ResourceType? only, IAsyncStreamReader<DeltaDiscoveryRequest> requests, IServerStreamWriter<EncodedResponse> responses, ServerCallContext context) =>
        RunAsync(new XdsStream<DeltaDiscoveryRequest>(ProtocolVariants.Delta, only, services), requests, context);

    /// <inheritdoc cref="DeltaAsync"/>
    public Task StateOfTheWorldAsync(
        ResourceType? only, IAsyncStreamReader<DiscoveryRequest> requests, IServerStreamWriter<EncodedResponse> responses, ServerCallContext context) =>
        RunAsync(new XdsStream<DiscoveryRequest>(ProtocolVariants.StateOfTheWorld, only, services), requests, context);

    private async Task RunAsync<TRequest>(XdsStream<TRequest> stream, IAsyncStreamReader<TRequest> requests, ServerCallContext context)
        where TRequest : class
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            if (await requests.MoveNext(stop.Token))
            {
                await stream.ServeAsync(requests, context.GetHttpContext().Response.BodyWriter, stop);
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
}
