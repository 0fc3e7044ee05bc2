// SPDX-License-Identifier: Apache-2.0
using k8s;
using Mesh.Operator.Replicas;
using Mesh.Operator.Status;
using Mesh.Operator.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mesh.Operator.Kubernetes;

/// <summary>Registers what writes to the cluster: the election of the writer, statuses, nodes and events.</summary>
public static class StatusHosting
{
    /// <summary>
    /// Needs an <see cref="IKubernetes"/> beside it. <see cref="LeaderElectionOptions"/> and <see cref="StatusWriteOptions"/> may be registered too.
    /// </summary>
    public static IServiceCollection AddMeshKubernetesStatus(this IServiceCollection services, KubernetesOptions options)
    {
        services.TryAddSingleton(new LeaderElectionOptions());
        services.TryAddSingleton(new StatusWriteOptions());
        services.AddMeshReplicas(options);
        services.AddSingleton(static provider => new LeaderServices(
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<MeshMetrics>(),
            provider.GetRequiredService<LeaseBoard>(),
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<ILogger<LeaderElection>>())
        {
            Written = provider.GetRequiredService<StatusQueue>().RestAsync,
        });
        services.AddSingleton(provider => new LeaderElection(
            provider.GetRequiredService<IKubernetes>(),
            options,
            provider.GetRequiredService<LeaderElectionOptions>(),
            provider.GetRequiredService<LeaderServices>()));
        services.AddSingleton<ILeadership>(provider => provider.GetRequiredService<LeaderElection>());
        services.AddSingleton<StatusQueue>();
        services.AddSingleton<StatusSight>();
        services.AddSingleton<IStatusWriter, KubernetesStatusWriter>();
        services.AddSingleton<StatusLoopServices>();
        services.AddSingleton(provider => Writing(provider, options));

        // Services stop in the reverse order: the last write ends before the lease is released.
        services.AddHostedService(provider => provider.GetRequiredService<LeaderElection>());
        services.AddHostedService<StatusWriteLoop>();
        return services;
    }

    private static StatusWriting Writing(IServiceProvider provider, KubernetesOptions options)
    {
        var rules = provider.GetRequiredService<StatusWriteOptions>();
        var time = provider.GetRequiredService<TimeProvider>();
        var metrics = provider.GetRequiredService<MeshMetrics>();
        var api = new StatusApi(provider.GetRequiredService<IKubernetes>(), rules, new TokenBucket(rules.Rate, rules.Burst, time), time);
        var events = new StatusEvents(api, options, rules, new StatusEventServices(metrics, time, provider.GetRequiredService<ILogger<StatusEvents>>()));
        var writer = new StatusObjectWriter(api, provider.GetRequiredService<StatusQueue>(), rules, new StatusObjectServices(events, metrics, time, provider.GetRequiredService<ILogger<StatusObjectWriter>>()));
        return new StatusWriting(api, writer, rules);
    }
}
