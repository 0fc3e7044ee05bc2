// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Operator.Telemetry;
using Mesh.Xds.Edge;

namespace Mesh.Operator.Kubernetes.Tokens;

/// <summary>
/// Judges tokens of pods. What the API server said once is remembered by a hash; the same question is asked once at a time. While the API server is away
/// what it vouched for stays good until it expires, and nothing else is good.
/// </summary>
internal sealed class TokenChecks(TokenReviews reviews, TokenCheckOptions options, TimeProvider time, ILogger<TokenChecks> log)
{
    private readonly Lock gate = new();
    private readonly BoundedCache<TokenHash, Known> good = new(options.MostGood);
    private readonly BoundedCache<TokenHash, Known> bad = new(options.MostBad);
    private readonly BadTokenBudget budget = new(options, time);
    private readonly Dictionary<TokenHash, Task<TokenVerdict>> open = [];
    private readonly Dictionary<string, int> openOfClients = new(StringComparer.Ordinal);
    private readonly FairLimiter questions = new(options.AtATime, options.AtATimePerClient, options.Waiting);
    private long askedCount;
    private long failedCount;
    private DateTimeOffset? answered;
    private bool isAway;

    /// <summary>Questions that were put to the API server.</summary>
    public long Asked => Interlocked.Read(ref askedCount);

    /// <summary>Those of them that it did not answer.</summary>
    public long Failed => Interlocked.Read(ref failedCount);

    /// <param name="token">Of anybody.</param>
    /// <param name="client">Who shows it: a client that asks for much waits behind the others.</param>
    /// <param name="ct">Cancels the waiting, not the question: others may wait for its answer.</param>
    public async Task<TokenVerdict> CheckAsync(string token, string client, CancellationToken ct)
    {
        if (TokenClaims.Expiry(token, options.Audience) is not { } until)
        {
            return new TokenVerdict.Bad($"What came is no token of a service account for the audience {options.Audience}.");
        }

        if (until <= time.GetUtcNow() + options.Margin)
        {
            return new TokenVerdict.Bad(string.Create(CultureInfo.InvariantCulture, $"The token expired at {until:u}; the kubelet puts a newer one in its place in time."));
        }

        var hash = TokenHash.Of(token);
        Task<TokenVerdict> question;
        lock (gate)
        {
            if (Remembered(hash) is { } verdict)
            {
                return verdict;
            }

            if (!open.TryGetValue(hash, out question!))
            {
                if (budget.IsSpent(client))
                {
                    return Otherwise(hash, $"{client} has shown too many bad ones");
                }

                var asked = openOfClients.GetValueOrDefault(client);
                if (asked >= options.OpenPerClient)
                {
                    return Otherwise(hash, $"{asked} others of {client} wait for that");
                }

                openOfClients[client] = asked + 1;
                question = AskAsync(token, hash, until, client);
                open.Add(hash, question);
            }
        }

        return await question.WaitAsync(ct);
    }

    /// <summary>Whether the API server answers: it did a moment ago, or it does now.</summary>
    public async Task<bool> IsThereAsync(CancellationToken ct)
    {
        lock (gate)
        {
            if (time.GetUtcNow() - answered < options.Refused)
            {
                return true;
            }
        }

        try
        {
            Interlocked.Increment(ref askedCount);
            await reviews.AskForAnswerAsync(ct);
            Heard();
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Missed(e);
            return false;
        }
    }

    // Under the lock.
    private TokenVerdict? Remembered(TokenHash hash)
    {
        var now = time.GetUtcNow();
        return good.TryGet(hash, out var known) && now - known.At < options.Fresh ? known.Verdict
            : bad.TryGet(hash, out known) && now - known.At < options.Refused ? known.Verdict
            : null;
    }

    private async Task<TokenVerdict> AskAsync(string token, TokenHash hash, DateTimeOffset until, string client)
    {
        // The caller holds the lock, which the end of this needs: it cannot be over before it is noted.
        await Task.Yield();
        try
        {
            using var turn = await questions.TakeAsync(client, 1, CancellationToken.None);
            return turn is null
                ? Otherwise(hash, $"{options.Waiting} tokens wait to be judged")
                : Learn(hash, await QuestionAsync(token, until), client);
        }
        catch (Exception e)
        {
            Missed(e);
            return Otherwise(hash, ApiFailure.Of(e).Message);
        }
        finally
        {
            lock (gate)
            {
                open.Remove(hash);
                if (--openOfClients[client] == 0)
                {
                    openOfClients.Remove(client);
                }
            }
        }
    }

    private async Task<TokenVerdict> QuestionAsync(string token, DateTimeOffset until)
    {
        Interlocked.Increment(ref askedCount);
        var verdict = await reviews.AskAsync(token, until, CancellationToken.None);
        Heard();
        return verdict;
    }

    private TokenVerdict Learn(TokenHash hash, TokenVerdict verdict, string client)
    {
        var known = new Known(verdict, time.GetUtcNow());
        lock (gate)
        {
            good.Remove(hash);
            (verdict is TokenVerdict.Good ? good : bad).Set(hash, known);
            if (verdict is not TokenVerdict.Good)
            {
                budget.Spend(client);
            }
        }

        return verdict;
    }

    private TokenVerdict Otherwise(TokenHash hash, string problem)
    {
        lock (gate)
        {
            return good.TryGet(hash, out var known)
                ? known.Verdict
                : new TokenVerdict.Unknown($"The token could not be judged: {problem.TrimEnd('.')}. Come again later.");
        }
    }

    private void Heard()
    {
        bool wasAway;
        lock (gate)
        {
            (wasAway, isAway, answered) = (isAway, false, time.GetUtcNow());
        }

        if (wasAway)
        {
            log.TokensJudgedAgain();
        }
    }

    private void Missed(Exception exception)
    {
        Interlocked.Increment(ref failedCount);
        bool wasAway;
        lock (gate)
        {
            (wasAway, isAway) = (isAway, true);
        }

        if (!wasAway)
        {
            var failure = ApiFailure.Of(exception);
            log.TokensNotJudged(failure.Message, failure.Advice("create tokenreviews.authentication.k8s.io"));
        }
    }

    /// <param name="Verdict">What the API server said.</param>
    /// <param name="At">When.</param>
    private sealed record Known(TokenVerdict Verdict, DateTimeOffset At);
}
