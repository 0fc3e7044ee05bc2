// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Mesh.Xds.Edge;

namespace Mesh.Xds.Streams;

/// <summary>
/// Binds the methods of the aggregated service and of the services of one type by hand instead of by their generated bases, so that
/// responses are written as the bytes that they are already, and all come to the same code.
/// </summary>
internal sealed class AdsBinding : IServiceMethodProvider<AdsService>
{
    /// <summary>Service, its methods for delta and for the state of the world, which VHDS has not, and its type.</summary>
    private static readonly (string Service, string Delta, string? World, ResourceType? Only)[] Services =
    [
        ("envoy.service.discovery.v3.AggregatedDiscoveryService", "DeltaAggregatedResources", "StreamAggregatedResources", null),
        ("envoy.service.cluster.v3.ClusterDiscoveryService", "DeltaClusters", "StreamClusters", ResourceType.Cluster),
        ("envoy.service.endpoint.v3.EndpointDiscoveryService", "DeltaEndpoints", "StreamEndpoints", ResourceType.Endpoint),
        ("envoy.service.listener.v3.ListenerDiscoveryService", "DeltaListeners", "StreamListeners", ResourceType.Listener),
        ("envoy.service.route.v3.RouteDiscoveryService", "DeltaRoutes", "StreamRoutes", ResourceType.Route),
        ("envoy.service.route.v3.ScopedRoutesDiscoveryService", "DeltaScopedRoutes", "StreamScopedRoutes", ResourceType.ScopedRoute),
        ("envoy.service.secret.v3.SecretDiscoveryService", "DeltaSecrets", "StreamSecrets", ResourceType.Secret),
        ("envoy.service.extension.v3.ExtensionConfigDiscoveryService", "DeltaExtensionConfigs", "StreamExtensionConfigs", ResourceType.Extension),
        ("envoy.service.runtime.v3.RuntimeDiscoveryService", "DeltaRuntime", "StreamRuntime", ResourceType.Runtime),
        ("envoy.service.route.v3.VirtualHostDiscoveryService", "DeltaVirtualHosts", null, ResourceType.VirtualHost),
    ];

    private static readonly Marshaller<EncodedResponse> Responses = new(
        static (_, _) => throw new NotSupportedException("Responses are written to the body, in pieces."),
        static _ => throw new NotSupportedException("A server only writes responses."));

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<AdsService> context)
    {
        foreach (var (name, delta, world, only) in Services)
        {
            context.AddDuplexStreamingMethod(
                Method(name, delta, NameSharingReader.ReadDelta), [], (service, requests, responses, call) => service.DeltaAsync(only, requests, responses, call));
            if (world is null)
            {
                continue;
            }

            context.AddDuplexStreamingMethod(
                Method(name, world, NameSharingReader.ReadStateOfTheWorld),
                [],
                (service, requests, responses, call) => service.StateOfTheWorldAsync(only, requests, responses, call));
        }
    }

    private static Method<TRequest, EncodedResponse> Method<TRequest>(string service, string name, Func<ReadOnlySequence<byte>, TRequest> read)
        where TRequest : class =>
        new(MethodType.DuplexStreaming, service, name, Requests(read), Responses);

    private static Marshaller<T> Requests<T>(Func<ReadOnlySequence<byte>, T> read)
        where T : class => new(
        static (_, _) => throw new NotSupportedException("A server only reads requests."),
        context => RequestReader.Read(read, context.PayloadAsReadOnlySequence()));
}
