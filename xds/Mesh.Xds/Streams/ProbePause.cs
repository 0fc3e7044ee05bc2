// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Streams;

/// <summary>
/// How slowly parts of a refused response go to a proxy that has never accepted anything: after 2.5 s, 5 s, 10 s, and then every 20 s.
/// </summary>
internal sealed class ProbePause(TimeProvider time)
{
    private const int MostDoublings = 3;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(2.5);

    private long? since;
    private int ended;

    private TimeSpan Length => First * (1 << Math.Min(ended, MostDoublings));

    /// <summary>What is left of it; null when nothing is held back. It begins when something is.</summary>
    public TimeSpan? Left(bool isHeldBack)
    {
        if (!isHeldBack)
        {
            since = null;
            return null;
        }

        var left = Length - time.GetElapsedTime(since ??= time.GetTimestamp());
        return left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }

    /// <summary>Whether it is over; the next one is longer.</summary>
    public bool TryEnd()
    {
        if (since is not { } began || time.GetElapsedTime(began) < Length)
        {
            return false;
        }

        since = null;
        ended++;
        return true;
    }
}
