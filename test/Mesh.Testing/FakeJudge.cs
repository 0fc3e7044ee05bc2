// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Mesh.Xds.Peers;

namespace Mesh.Testing;

/// <summary>Judges tokens by a table of the test's own; a token that is not in it is refused.</summary>
public sealed class FakeJudge : IBearerJudge
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> judged = new(StringComparer.Ordinal);
    private int asked;

    public IDictionary<string, PeerVerdict> Verdicts { get; } = new ConcurrentDictionary<string, PeerVerdict>(StringComparer.Ordinal);

    public bool IsThere { get; set; } = true;

    /// <summary>How often somebody wanted to know whether it is there.</summary>
    public int Asked => asked;

    /// <summary>Waits until it was asked about a token.</summary>
    public Task JudgedAsync(string token) => Signal(token).Task.WithTimeout();

    public Task<PeerVerdict> JudgeAsync(string token, string client, CancellationToken ct)
    {
        Signal(token).TrySetResult();
        return Task.FromResult(Verdicts.TryGetValue(token, out var verdict) ? verdict : new PeerVerdict.Refused("The judge knows it not."));
    }

    public Task<bool> IsThereAsync(CancellationToken ct)
    {
        Interlocked.Increment(ref asked);
        return Task.FromResult(IsThere);
    }

    private TaskCompletionSource Signal(string token) => judged.GetOrAdd(token, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
