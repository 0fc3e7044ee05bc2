// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Kubernetes;

/// <summary>
/// What is done about an object whose status somebody else writes over; pure. Once is mended at once. Who does it again and again is no mistake
/// of a moment but another program of the same opinion as we: each of our answers comes later than the one before.
/// </summary>
internal static class StatusContest
{
    /// <summary>Who writes over it so often is told of.</summary>
    public const int Loud = 3;

    /// <summary>Ours stood for longer than any pause: whoever writes over it now begins anew.</summary>
    private const int Peace = 2;

    /// <summary>Until when the object is left as it is.</summary>
    public static DateTimeOffset Due(KnownStatus known, StatusWriteOptions options)
    {
        if (known is not { Restored: > 0 and var restored, Written: { } written })
        {
            return DateTimeOffset.MinValue;
        }

        var pause = options.FirstRetry * Math.Pow(2, Math.Min(restored - 1, 20));
        return written + (pause < options.LongestRetry ? pause : options.LongestRetry);
    }

    /// <summary>How often in succession ours will have been put in again after a write of now.</summary>
    public static int Restored(KnownStatus known, DateTimeOffset now, StatusWriteOptions options)
    {
        var before = known.Written is { } written && now - written < options.LongestRetry * Peace ? known.Restored : 0;
        return known.Lost is null ? before : before + 1;
    }
}
