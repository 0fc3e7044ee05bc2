// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Kubernetes;

/// <summary>What a reflector has done so far.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Objects">Objects held now.</param>
/// <param name="Lists">Full lists read.</param>
/// <param name="Watches">Watches opened; with a streaming list the list and its watch are one.</param>
/// <param name="Failures">Lists and watches that were refused or broke.</param>
/// <param name="Events">Events received: of changes and bookmarks.</param>
/// <param name="Silence">Time since the last event or list; null before the first.</param>
internal sealed record WatchCounts(string Kind, int Objects, long Lists, long Watches, long Failures, long Events, TimeSpan? Silence);

/// <summary>Counts of one reflector: it writes, anybody reads.</summary>
internal sealed class WatchTally(TimeProvider time)
{
    private long lists;
    private long watches;
    private long failures;
    private long events;
    private long heard;

    public void Listed()
    {
        Interlocked.Increment(ref lists);
        Hear();
    }

    public void Watched() => Interlocked.Increment(ref watches);

    public void Failed() => Interlocked.Increment(ref failures);

    public void Received(int count)
    {
        Interlocked.Add(ref events, count);
        Hear();
    }

    public WatchCounts Counts(string kind, int objects)
    {
        var last = Interlocked.Read(ref heard);
        return new WatchCounts(
            kind,
            objects,
            Interlocked.Read(ref lists),
            Interlocked.Read(ref watches),
            Interlocked.Read(ref failures),
            Interlocked.Read(ref events),
            last == 0 ? null : time.GetElapsedTime(last));
    }

    // A timestamp of 0 stands for never: that instant is the start of the machine.
    private void Hear() => Interlocked.Exchange(ref heard, time.GetTimestamp());
}
