// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Kubernetes;

/// <summary>
/// Ends the wait for a peer that is gone without a word. The API server sends a bookmark about every minute, so a watch that is silent for
/// longer is asked for anew, which costs one request where all was well.
/// </summary>
internal sealed class ReflectorSilence : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly CancellationToken outer;
    private readonly CancellationTokenSource limit;
    private readonly CancellationTokenSource either;

    public ReflectorSilence(TimeProvider time, CancellationToken outer)
    {
        this.outer = outer;
        limit = new CancellationTokenSource(Limit, time);
        either = CancellationTokenSource.CreateLinkedTokenSource(outer, limit.Token);
    }

    /// <exception cref="TimeoutException">It took too long.</exception>
    public async ValueTask<T> LimitAsync<T>(Func<CancellationToken, ValueTask<T>> wait)
    {
        limit.CancelAfter(Limit);
        try
        {
            return await wait(either.Token);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !outer.IsCancellationRequested)
        {
            throw new TimeoutException($"the API server was silent for {Limit.TotalMinutes:F0} minutes", e);
        }
    }

    public void Dispose()
    {
        either.Dispose();
        limit.Dispose();
    }
}
