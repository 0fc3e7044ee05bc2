// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Xds.Peers;

/// <summary>Makes clients prove who they are by tokens.</summary>
public static class PeerHosting
{
    /// <param name="services">Of a host that serves xDS.</param>
    /// <param name="judge">Makes the one who judges tokens.</param>
    public static IServiceCollection AddMeshTokens(this IServiceCollection services, Func<IServiceProvider, IBearerJudge> judge)
    {
        services.AddSingleton(judge);
        return services.AddHostedService<ExpiredStreams>();
    }
}
