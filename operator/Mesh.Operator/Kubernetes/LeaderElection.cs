// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Telemetry;

namespace Mesh.Operator.Kubernetes;

/// <summary>
/// Elects the one replica that writes, by a Lease. The library's elector neither releases the lease at a stop nor spreads its renewals, and
/// takes the wall clock for the time that passes, so this is our own.
/// </summary>
internal sealed class LeaderElection(IKubernetes client, KubernetesOptions options, LeaderElectionOptions rules, LeaderServices services)
    : BackgroundService, ILeadership
{
    private const double Jitter = 0.2;
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(3);

    private readonly LeaseStore store = new(client, options.Namespace, rules.LeaseName);
    private readonly Newest<bool> isHolder = new(false);

    // Of the loop alone, but for the time of the last renewal, which readers of IsLeader look at.
    private (string? Holder, DateTime? Renewed) observed;
    private long observedAt;
    private long renewedAt;
    private string trouble = string.Empty;

    /// <summary>The clock counts too: a process that was frozen wakes up believing what was so before.</summary>
    public bool IsLeader => isHolder.Value && services.Time.GetElapsedTime(Interlocked.Read(ref renewedAt)) < rules.RenewDeadline;

    public Task WaitForChangeAsync(CancellationToken ct) => isHolder.Read().Changed.WaitAsync(ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await RoundAsync(stoppingToken);
                await Task.Delay(Pause(), services.Time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }

        await ReleaseAsync();
    }

    /// <summary>One look at the lease, and what it asks for.</summary>
    private async Task RoundAsync(CancellationToken stoppingToken)
    {
        GiveUpIfLate();
        var start = services.Time.GetTimestamp();
        try
        {
            // A leader's question ends with its time; so nothing that hangs makes it lead for longer.
            using var limit = new CancellationTokenSource(isHolder.Value ? Remaining() : rules.RenewDeadline, services.Time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stoppingToken);
            if (await TryHoldAsync(both.Token))
            {
                Interlocked.Exchange(ref renewedAt, start);
                Become(true, "the lease is held");
            }
            else
            {
                Become(false, $"{observed.Holder} holds the lease");
            }

            trouble = string.Empty;
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            Tell(e);
            GiveUpIfLate();
        }
    }

    private void GiveUpIfLate()
    {
        if (isHolder.Value && Remaining() <= TimeSpan.Zero)
        {
            Become(false, "the lease could not be renewed in time");
        }
    }

    private async Task<bool> TryHoldAsync(CancellationToken cancellationToken)
    {
        var found = await store.ReadAsync(cancellationToken);
        Observe(found?.Spec);
        var step = LeaseRules.Next(found?.Spec, options.Identity, services.Time.GetElapsedTime(observedAt));
        if (step == LeaseStep.Wait)
        {
            return false;
        }

        var held = LeaseRules.Held(found?.Spec, options.Identity, rules.Duration, services.Time.GetUtcNow().UtcDateTime);
        return await store.WriteAsync(found, held, cancellationToken);
    }

    private void Observe(V1LeaseSpec? found)
    {
        var seen = (found?.HolderIdentity, found?.RenewTime);
        if (observedAt == 0 || seen != observed)
        {
            observed = seen;
            observedAt = services.Time.GetTimestamp();
        }
    }

    private void Become(bool leads, string why)
    {
        if (isHolder.Value == leads)
        {
            return;
        }

        services.Log.LeadershipChanged(options.Identity, leads ? "leads" : "no longer leads", why);
        services.Metrics.Leads(leads);
        isHolder.Publish(leads);
    }

    /// <summary>So that the next replica need not wait for the lease to run out.</summary>
    private async Task ReleaseAsync()
    {
        if (!isHolder.Value)
        {
            return;
        }

        Become(false, "it stops");
        try
        {
            using var limit = new CancellationTokenSource(ReleaseLimit, services.Time);
            var found = await store.ReadAsync(limit.Token);
            if (found?.Spec.HolderIdentity == options.Identity)
            {
                await store.WriteAsync(found, LeaseRules.Released(found.Spec, services.Time.GetUtcNow().UtcDateTime), limit.Token);
            }
        }
        catch (Exception e)
        {
            // Whatever it is, the process ends, and the lease runs out by itself.
            services.Log.LeaseNotReleased(e, store.Place, rules.Duration.TotalSeconds);
        }
    }

    private TimeSpan Remaining() => rules.RenewDeadline - services.Time.GetElapsedTime(Interlocked.Read(ref renewedAt));

    private TimeSpan Pause()
    {
        var pause = rules.Retry * (1 - Jitter + (2 * Jitter * services.Random()));
        var remaining = isHolder.Value ? Remaining() : pause;
        return remaining < pause ? TimeSpan.FromTicks(Math.Max(remaining.Ticks, TimeSpan.TicksPerMillisecond)) : pause;
    }

    /// <summary>Once for each sort of trouble, not every two seconds.</summary>
    private void Tell(Exception e)
    {
        var failure = ApiFailure.Of(e);
        if (trouble != failure.Message)
        {
            trouble = failure.Message;
            services.Log.LeaseUnavailable(store.Place, failure.Message, failure.Advice($"get, create and update leases of coordination.k8s.io in {options.Namespace}"));
        }
    }
}

/// <summary>What the election needs beside the cluster.</summary>
/// <param name="Time">Clock.</param>
/// <param name="Metrics">Says who leads.</param>
/// <param name="Log">Log.</param>
internal sealed record LeaderServices(TimeProvider Time, MeshMetrics Metrics, ILogger<LeaderElection> Log)
{
    /// <summary>From 0 to 1.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;
}
