// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Telemetry;
using Mesh.Xds.Peers;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mesh.Operator.Kubernetes.Tokens;

/// <summary>What the composition root registers where clients of xDS prove by tokens who they are. The host has the client of the API server.</summary>
internal static class TokenHosting
{
    public static IServiceCollection AddMeshPodTokens(this IServiceCollection services, KubernetesOptions options)
    {
        services.TryAddSingleton(new TokenCheckOptions());
        services.AddSingleton<TokenReviews>();
        services.AddSingleton<TokenChecks>();
        services.AddHostedService<TokenMetrics>();
        return services.AddMeshTokens(provider => new TokenPeers(provider.GetRequiredService<TokenChecks>(), options.Namespace));
    }
}
