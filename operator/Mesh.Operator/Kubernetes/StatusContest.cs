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

    /// <summary>A write an hour is what a program that never gives in costs: many objects of its kind would take all that we may write.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>Until when the object is left as it is, also where there is news of it.</summary>
    public static DateTimeOffset Due(KnownStatus known, StatusWriteOptions options) => After(known, Pause(known.Restored, options.LongestRetry, options));

    /// <summary>When what was lost is put in again, where there is no news that does.</summary>
    public static DateTimeOffset Answer(KnownStatus known, StatusWriteOptions options) => After(known, Pause(known.Restored, options));

    /// <summary>How often in succession ours will have been put in again after a write of now.</summary>
    public static int Restored(KnownStatus known, DateTimeOffset now, StatusWriteOptions options)
    {
        var before = known.Written is { } written && now - written < Longer(Pause(known.Restored, options), options.LongestRetry) * Peace ? known.Restored : 0;
        return known.Lost is null ? before : before + 1;
    }

    private static DateTimeOffset After(KnownStatus known, TimeSpan pause) =>
        known is { Restored: > 0, Written: { } written } ? written + pause : DateTimeOffset.MinValue;

    private static TimeSpan Pause(int restored, StatusWriteOptions options) =>
        Pause(restored, restored < Loud ? options.LongestRetry : Longer(LongestPause, options.LongestRetry), options);

    private static TimeSpan Pause(int restored, TimeSpan longest, StatusWriteOptions options)
    {
        var pause = options.FirstRetry * Math.Pow(2, Math.Clamp(restored - 1, 0, 20));
        return pause < longest ? pause : longest;
    }

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
