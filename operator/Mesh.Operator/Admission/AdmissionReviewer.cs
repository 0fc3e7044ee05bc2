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
    /// <summary>Effects on the whole mesh are worked out one at a time, so that a burst of writes takes one core at most from what serves proxies.</summary>
    private readonly SemaphoreSlim effects = new(1, 1);

    public async Task<AdmissionAnswer> ReviewAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        try
        {
            var first = await InTimeAsync(() => AdmissionJudge.JudgeAlone(request), options.Patience, cancellationToken);
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

    public void Dispose() => effects.Dispose();

    private async Task<ImmutableArray<string>> EffectsAsync(ProposedChange change, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        if (limit <= TimeSpan.Zero || !await effects.WaitAsync(limit, cancellationToken))
        {
            return [NoEffects(change)];
        }

        try
        {
            return await InTimeAsync(
                () =>
                {
                    try
                    {
                        return AdmissionJudge.Effects(change, store.Current);
                    }
                    finally
                    {
                        // Not when the answer has gone out: what takes too long still has the core.
                        effects.Release();
                    }
                },
                limit - time.GetElapsedTime(start),
                cancellationToken);
        }
        catch (TimeoutException)
        {
            return [NoEffects(change)];
        }
    }

    private static string NoEffects(ProposedChange change) =>
        $"what {change.Key} means for other objects was not worked out, since the operator is busy; the statuses will tell";

    /// <summary>The work itself cannot be stopped; it is small by construction, and only its result is given up.</summary>
    private async Task<T> InTimeAsync<T>(Func<T> work, TimeSpan limit, CancellationToken cancellationToken) =>
        await Task.Run(work, CancellationToken.None).WaitAsync(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, time, cancellationToken);
}
