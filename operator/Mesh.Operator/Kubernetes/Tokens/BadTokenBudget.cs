// SPDX-License-Identifier: Apache-2.0

namespace Mesh.Operator.Kubernetes.Tokens;

/// <summary>
/// How many bad tokens of one client the API server is asked about: whoever is at the port can make as many as he likes, each of them another one, and
/// every question is a request to the API server in the operator's name. Good ones cost nothing. Not for several threads.
/// </summary>
internal sealed class BadTokenBudget(TokenCheckOptions options, TimeProvider time)
{
    private const int Clients = 10_000;

    private readonly BoundedCache<string, TokenBucket> buckets = new(Clients);
    private readonly BoundedCache<string, long> blocked = new(Clients);

    /// <summary>Whether the client has shown so many that it has to wait.</summary>
    public bool IsSpent(string client) =>
        blocked.TryGet(client, out var since) && time.GetElapsedTime(since) < TimeSpan.FromSeconds(1 / options.BadPerSecond);

    /// <summary>One more of its tokens was bad.</summary>
    public void Spend(string client)
    {
        if (!buckets.TryGet(client, out var bucket))
        {
            buckets.Set(client, bucket = new TokenBucket(options.BadPerSecond, options.BadAtOnce, time));
        }

        if (!bucket.TryTake())
        {
            blocked.Set(client, time.GetTimestamp());
        }
    }
}
