// SPDX-License-Identifier: Apache-2.0
using Grpc.AspNetCore.Server.Model;
using Grpc.Reflection;
using Mesh.Xds.Acks;
using Mesh.Xds.Edge;
using Mesh.Xds.Peers;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mesh.Xds.Hosting;

/// <summary>Serves xDS from a host: what is published to its <see cref="SnapshotStore"/>. The host provides an HTTP/2 endpoint.</summary>
public static class XdsHosting
{
    public static IServiceCollection AddMeshXds(this IServiceCollection services)
    {
        services.TryAddSingleton(static _ => new SnapshotStore(SnapshotBuilder.ForNode));
        services.TryAddSingleton<INodeResolver, MeshNodeResolver>();
        services.AddSingleton<AckLedger>();
        services.AddSingleton<IServiceMethodProvider<AdsService>, AdsBinding>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(static provider => new BulkGate(2 * Environment.ProcessorCount, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<BadNames>();
        services.AddSingleton<StreamServices>();
        services.AddSingleton<AdsService>();
        services.TryAddSingleton<EdgeLimits>();
        services.AddSingleton<StreamEdge>();
        services.AddSingleton<OpenStreams>();
        services.AddHostedService<StreamDrain>();
        services.AddSingleton<PeerTally>();
        services.AddSingleton<PeerStreams>();
        services.AddSingleton(static provider => new PeerGate(
            provider.GetRequiredService<PeerTally>(), provider.GetRequiredService<PeerStreams>(), provider.GetService<IBearerJudge>()));

        // The size of requests is bounded by the metered body, whose refusal names the limit.
        services.AddGrpc().AddServiceOptions<AdsService>(static options => options.MaxReceiveMessageSize = null);
        services.AddGrpcHealthChecks().AddCheck<SnapshotCheck>("snapshots");
        services.AddSingleton(DiscoveryServices.Reflection());
        services.Configure<KestrelServerOptions>(static options =>
        {
            // Envoy's gRPC client says ":scheme: http" over TLS too.
            options.AllowAlternateSchemes = true;
            Allow(options.Limits);
        });
        return services;
    }

    public static void MapMeshXds(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<AdsService>().Meter();
        endpoints.MapGrpcHealthChecksService();
        endpoints.MapGrpcService<ReflectionServiceImpl>();
    }

    // A stream lives for days, is silent most of the time, and carries much in a moment.
    private static void Allow(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.MaxResponseBufferSize = 64 << 10;
        limits.Http2.MaxStreamsPerConnection = 10_000;

        // What clients may have on the way before we ask for it. Requests are small but for a reconnect's first ones, which wait there in a storm.
        limits.Http2.InitialConnectionWindowSize = 1 << 20;
        limits.Http2.InitialStreamWindowSize = 64 << 10;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
    }
}
