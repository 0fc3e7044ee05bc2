// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace Mesh.Xds.Streams;

/// <summary>
/// Binds the service's methods by hand instead of by the generated base, so that responses are written as the bytes that they are already.
/// </summary>
internal sealed class AdsBinding : IServiceMethodProvider<AdsService>
{
    private const string Service = "envoy.service.discovery.v3.AggregatedDiscoveryService";

    private static readonly Method<DeltaDiscoveryRequest, EncodedResponse> Delta = new(
        MethodType.DuplexStreaming, Service, nameof(AdsService.DeltaAggregatedResources), For(DeltaDiscoveryRequest.Parser), EncodedResponse.Marshaller);

    private static readonly Method<DiscoveryRequest, DiscoveryResponse> StateOfTheWorld = new(
        MethodType.DuplexStreaming, Service, nameof(AdsService.StreamAggregatedResources), For(DiscoveryRequest.Parser), For(DiscoveryResponse.Parser));

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<AdsService> context)
    {
        context.AddDuplexStreamingMethod(
            Delta, [], static (service, requests, responses, call) => service.DeltaAggregatedResources(requests, responses, call));
        context.AddDuplexStreamingMethod(
            StateOfTheWorld, [], static (service, requests, responses, call) => service.StreamAggregatedResources(requests, responses, call));
    }

    private static Marshaller<T> For<T>(MessageParser<T> parser)
        where T : class, IMessage<T> => new(
        static (message, context) =>
        {
            context.SetPayloadLength(message.CalculateSize());
            message.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));
}
