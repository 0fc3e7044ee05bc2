// SPDX-License-Identifier: Apache-2.0
using k8s;
using Mesh.Operator.Sources;
using Mesh.Operator.Telemetry;

namespace Mesh.Operator.Kubernetes;

/// <summary>What the composition root registers in Kubernetes mode.</summary>
internal static class KubernetesHosting
{
    /// <summary>One line for each part.</summary>
    public static IServiceCollection AddMeshKubernetes(this IServiceCollection services, KubernetesOptions options)
    {
        services.AddSingleton(provider => KubernetesClients.Create(options, access =>
            [new ApiAnswers(provider.GetRequiredService<MeshMetrics>(), access, provider.GetRequiredService<ILogger<ApiAnswers>>())]));
        services.AddSingleton<IKubernetes>(provider => provider.GetRequiredService<k8s.Kubernetes>());
        services.AddSingleton<KubernetesSource>();
        services.AddSingleton<IResourceSource>(provider => provider.GetRequiredService<KubernetesSource>());
        services.AddHostedService<WatchMetrics>();
        return services.AddMeshKubernetesStatus(options);
    }
}
