// SPDX-License-Identifier: Apache-2.0
using Grpc.AspNetCore.Server.Model;
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Status;
using Mesh.Xds.Hosting.Tls;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mesh.Operator.Replicas;

/// <summary>Registers what replicas tell each other.</summary>
public static class ReplicaHosting
{
    private const int LargestReport = 64 << 20;

    /// <summary>Needs an <see cref="ILeadership"/> beside it. <see cref="FleetOptions"/> may be registered too.</summary>
    internal static IServiceCollection AddMeshReplicas(this IServiceCollection services, KubernetesOptions options)
    {
        services.TryAddSingleton(new FleetOptions());
        services.AddSingleton<FleetBoard>();
        services.AddSingleton<IFleet>(static provider => provider.GetRequiredService<FleetBoard>());
        services.AddSingleton(provider => new LeaseBoard(
            provider.GetRequiredService<FleetBoard>(), provider.GetRequiredService<FleetOptions>(), options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ReplicaServices>();
        services.AddSingleton(static provider => new ReplicaAccess(provider.GetService<PeerTls>()));
        services.AddSingleton<ReplicaService>();
        services.AddSingleton<IServiceMethodProvider<ReplicaService>, ReplicaBinding>();
        services.AddGrpc().AddServiceOptions<ReplicaService>(static options => options.MaxReceiveMessageSize = LargestReport);
        services.AddSingleton(provider => new ReporterIdentity(options.Identity, provider.GetService<PeerTls>()));
        services.AddHostedService<ReplicaReporter>();
        return services;
    }

    /// <summary>Takes reports of other replicas where xDS is served.</summary>
    internal static void MapMeshReplicas(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<ReplicaService>();
}
