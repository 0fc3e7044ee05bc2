// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Admission;

/// <summary>
/// Answers in bounded time whatever it is asked: the API server waits with a user's write in its hand. What cannot be worked out in time is
/// said, and the write goes through: the status will tell the rest.
/// </summary>
internal sealed class AdmissionReviewer(
    ResourceStore store, IResourceSource source, AdmissionOptions options, TimeProvider time, ILogger<AdmissionReviewer> log) : IDisposable
{
    /// <summary>Half of the cores at most are taken from what serves proxies, however many write at once, or post to this port for other ends.</summary>
    private readonly SemaphoreSlim alone = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Effects on the whole mesh are worked out one at a time.</summary>
    private readonly SemaphoreSlim effects = new(1, 1);

    public async Task<AdmissionAnswer> ReviewAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        try
        {
            var first = await InTurnAsync(alone, () => AdmissionJudge.JudgeAlone(request), options.Patience, cancellationToken);
            if (!first.Answer.Refusals.IsEmpty)
            {
                log.ObjectRefused(request.Kind, first.Answer.Refusals[0].ToString());
            }

            var warnings = first.Change is null || !source.Synced.IsCompletedSuccessfully
                ? []
                : await EffectsAsync(first.Change, options.Patience - time.GetElapsedTime(start), cancellationToken);
            return first.Answer with { Warnings = [.. first.Answer.Warnings.Concat(warnings).Distinct(StringComparer.Ordinal)] };
        }
        catch (TimeoutException)
        {
            log.ReviewTooSlow(request.Kind, options.Patience.TotalSeconds);
            return new AdmissionAnswer([], [$"the mesh's operator could not judge this {request.Kind} in {options.Patience.TotalSeconds} s; its status will tell"]);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.ReviewFailed(e, request.Kind);
            return new AdmissionAnswer([], [$"the mesh's operator could not judge this {request.Kind} (a bug, see its log); its status will tell"]);
        }
    }

    public void Dispose()
    {
        alone.Dispose();
        effects.Dispose();
    }

    private async Task<ImmutableArray<string>> EffectsAsync(ProposedChange change, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await InTurnAsync(effects, () => AdmissionJudge.Effects(change, store.Current), limit, cancellationToken);
        }
        catch (TimeoutException)
        {
            return [$"what {change.Key} means for other objects was not worked out, since the operator is busy; the statuses will tell"];
        }
    }

    /// <summary>
    /// A <see cref="TimeoutException"/> when it takes too long. The work itself cannot be stopped then: it is small by construction, only its result is given up,
    /// and it keeps its turn until it is done.
    /// </summary>
    private async Task<T> InTurnAsync<T>(SemaphoreSlim turns, Func<T> work, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        if (limit <= TimeSpan.Zero || !await turns.WaitAsync(limit, cancellationToken))
        {
            throw new TimeoutException();
        }

        var done = Task.Run(
            () =>
            {
                try
                {
                    return work();
                }
                finally
                {
                    turns.Release();
                }
            },
            CancellationToken.None);
        var left = limit - time.GetElapsedTime(start);
        return await done.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken);
    }
}
