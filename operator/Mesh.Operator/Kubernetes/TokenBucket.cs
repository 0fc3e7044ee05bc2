// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Kubernetes;

/// <summary>A budget of requests: so many a second, and so many at once after a quiet time.</summary>
internal sealed class TokenBucket(double rate, int burst, TimeProvider time)
{
    private readonly Lock gate = new();
    private double spent;
    private long filledAt = time.GetTimestamp();

    /// <summary>Takes a token now or not at all.</summary>
    public bool TryTake()
    {
        lock (gate)
        {
            Fill();
            if (spent + 1 > burst)
            {
                return false;
            }

            spent++;
            return true;
        }
    }

    /// <summary>Waits for its token, in the order of the calls.</summary>
    public Task TakeAsync(CancellationToken cancellationToken)
    {
        double missing;
        lock (gate)
        {
            Fill();
            spent++;
            missing = spent - burst;
        }

        return missing <= 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromSeconds(missing / rate), time, cancellationToken);
    }

    private void Fill()
    {
        var now = time.GetTimestamp();
        spent = Math.Max(0, spent - (time.GetElapsedTime(filledAt, now).TotalSeconds * rate));
        filledAt = now;
    }
}
