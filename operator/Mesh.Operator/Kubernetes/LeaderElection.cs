// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Replicas;
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
    private const int Attempts = 3;
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(3);

    private readonly LeaseStore store = new(client, options.Namespace, rules.LeaseName);
    private readonly Newest<bool> isHolder = new(false);

    // Of the loop alone, but for the time of the last renewal, which readers of IsLeader look at.
    private (string? Holder, DateTime? Renewed, TimeSpan RunsOut) observed;
    private long observedAt;
    private long renewedAt;
    private string trouble = string.Empty;

    /// <summary>The clock counts too: a process that was frozen wakes up believing what was so before.</summary>
    public bool IsLeader => isHolder.Value && services.Time.GetElapsedTime(Interlocked.Read(ref renewedAt)) < rules.RenewDeadline;

    public Task WaitForChangeAsync(CancellationToken ct) => isHolder.Read().Changed.WaitAsync(ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not when it is this loop's turn to stop: the server stops first, and takes its time to send proxies away, to a replica that should lead by then.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, services.Lifetime.ApplicationStopping);
        try
        {
            while (true)
            {
                await RoundAsync(stop.Token);
                await Task.Delay(Pause(), services.Time, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
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
        for (var attempt = 1; ; attempt++)
        {
            var found = await store.ReadAsync(cancellationToken);
            Observe(found?.Spec);
            services.Lease.Read(found?.Spec.HolderIdentity, found?.Metadata.Annotations);
            var step = LeaseRules.Next(found?.Spec, options.Identity, services.Time.GetElapsedTime(observedAt));
            if (step == LeaseStep.Wait)
            {
                await NoteAsync(found!, cancellationToken); // Somebody holds it.
                return false;
            }

            var held = LeaseRules.Held(found?.Spec, options.Identity, rules.Duration, services.Time.GetUtcNow().UtcDateTime);
            var notes = services.Lease.Held(found?.Metadata.Annotations);
            if (await store.WriteAsync(found, held, notes, cancellationToken))
            {
                services.Lease.Read(options.Identity, notes);
                return true;
            }

            if (step != LeaseStep.Renew || attempt == Attempts)
            {
                return false;
            }

            // Another replica has put a note beside it.
        }
    }

    /// <summary>What a replica that does not lead has to say; when another one was faster, it says it the next time.</summary>
    private async Task NoteAsync(V1Lease found, CancellationToken cancellationToken)
    {
        if (services.Lease.Note(found.Metadata.Annotations) is { } notes)
        {
            await store.WriteAsync(found, found.Spec, notes, cancellationToken);
        }
    }

    private void Observe(V1LeaseSpec? found)
    {
        var seen = (found?.HolderIdentity, found?.RenewTime, TimeSpan.FromSeconds(found?.LeaseDurationSeconds ?? 0));
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

            // A write that is under way must not come after one of the next leader.
            await services.Written(limit.Token);
            var found = await store.ReadAsync(limit.Token);
            if (found?.Spec.HolderIdentity == options.Identity)
            {
                var released = LeaseRules.Released(found.Spec, services.Time.GetUtcNow().UtcDateTime);
                await store.WriteAsync(found, released, LeaseBoard.Released(found.Metadata.Annotations), limit.Token);
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

        if (isHolder.Value)
        {
            var remaining = Remaining();
            return remaining < pause ? TimeSpan.FromTicks(Math.Max(remaining.Ticks, TimeSpan.TicksPerMillisecond)) : pause;
        }

        // Another's lease that runs out in between is looked at just then.
        var runsOut = observed.RunsOut - services.Time.GetElapsedTime(observedAt);
        var due = runsOut + (rules.Retry * (Jitter * services.Random()));
        return runsOut > TimeSpan.Zero && due < pause ? due : pause;
    }

    /// <summary>Once for each sort of trouble, not every two seconds.</summary>
    private void Tell(Exception e)
    {
        var failure = ApiFailure.Of(e);
        if (trouble != failure.Message)
        {
            trouble = failure.Message;
            var advice = failure.Kind == ApiFailureKind.Gone
                ? $"; create the namespace {options.Namespace}, or name another by --namespace"
                : failure.Advice($"get, create and update leases of coordination.k8s.io in {options.Namespace}");
            services.Log.LeaseUnavailable(store.Place, failure.Message, advice);
        }
    }
}

/// <summary>What the election needs beside the cluster.</summary>
/// <param name="Time">Clock.</param>
/// <param name="Metrics">Says who leads.</param>
/// <param name="Lease">What is written beside the lease.</param>
/// <param name="Lifetime">Tells of the stop of the process.</param>
/// <param name="Log">Log.</param>
internal sealed record LeaderServices(
    TimeProvider Time, MeshMetrics Metrics, LeaseBoard Lease, IHostApplicationLifetime Lifetime, ILogger<LeaderElection> Log)
{
    /// <summary>Completes when nothing that this replica writes is under way.</summary>
    public Func<CancellationToken, Task> Written { get; init; } = static _ => Task.CompletedTask;

    /// <summary>From 0 to 1.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;
}
