// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;

namespace Mesh.Operator.Kubernetes;

/// <summary>What is to be written of an object.</summary>
/// <param name="Document">The newest status; null when there is none any more.</param>
/// <param name="Since">When it first differed from what was written.</param>
internal sealed record StatusItem(StatusDocument? Document, DateTimeOffset Since)
{
    /// <summary>What a watch has told of the object since it was read last; null when nothing.</summary>
    public StatusSeen? Seen { get; init; }
}

/// <summary>
/// The newest status of every object, and when each is to be looked at next. A status that comes while another one of its object waits takes
/// its place, so it cannot fill up; an object is with one writer at a time.
/// </summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "It is a queue, of objects.")]
internal sealed class StatusQueue(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<ObjectKey, Entry> entries = [];
    private readonly PriorityQueue<ObjectKey, (DateTimeOffset Due, long Number)> schedule = new();
    private readonly TaskCompletionSource reported = NewSignal();
    private readonly Newest<bool> activity = new(false);
    private TaskCompletionSource changed = NewSignal();
    private bool isActive;
    private bool isWatchful;
    private long scheduled;

    /// <summary>Completes as soon as there was a report, be there anything in it or not.</summary>
    public Task Reported => reported.Task;

    public IReadOnlyCollection<ObjectKey> Keys
    {
        get
        {
            lock (gate)
            {
                return [.. entries.Keys];
            }
        }
    }

    /// <summary>Completes when nobody takes anything out of it, and what was taken is done.</summary>
    public Task RestAsync(CancellationToken cancellationToken) => activity.WaitForAsync(static isActive => !isActive, cancellationToken);

    /// <summary>Takes over a report.</summary>
    public void Report(IEnumerable<StatusDocument> documents, IEnumerable<ObjectKey> gone)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            foreach (var document in documents)
            {
                Put(document.Status.Key, document, now, now);
            }

            foreach (var key in gone)
            {
                if (isActive || isWatchful)
                {
                    Put(key, document: null, now, now);
                }
                else
                {
                    // The next leader finds in the cluster what is left of it.
                    entries.Remove(key);
                }
            }

            reported.TrySetResult();
            Signal();
        }
    }

    /// <summary>From now on what watches tell counts: whoever reads the cluster after this misses nothing that comes later.</summary>
    public void Watch()
    {
        lock (gate)
        {
            isWatchful = true;
        }
    }

    /// <summary>What a watch tells. It is only noted: the object is looked at when it is with nobody, against what was written by then.</summary>
    public void See(IEnumerable<StatusSeen> sights)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (!isWatchful)
            {
                return;
            }

            foreach (var seen in sights)
            {
                Note(seen, now);
            }

            Signal();
        }
    }

    /// <summary>Everything is to be looked at: what the cluster has is not known any more.</summary>
    /// <param name="start">When the leader began: what nobody has reported to it was not there by then, whenever it was noted.</param>
    public void Activate(DateTimeOffset start)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            isActive = true;
            schedule.Clear();
            foreach (var (key, entry) in entries)
            {
                entry.IsBusy = false;
                entry.Failures = 0;
                var isUnreported = entry.Document is null;
                entry.Since = isUnreported ? start : now;
                Schedule(key, entry, isUnreported && entry.Due > now ? entry.Due : now);
            }

            Signal();
        }

        activity.Publish(true);
    }

    /// <summary>Nobody takes anything until it is activated again.</summary>
    public void Deactivate()
    {
        lock (gate)
        {
            (isActive, isWatchful) = (false, false);
            foreach (var (key, entry) in entries.ToList())
            {
                entry.Seen = null;
                if (entry.Document is null)
                {
                    entries.Remove(key);
                }
            }
        }

        activity.Publish(false);
    }

    /// <summary>Something of ours is in the cluster that no report speaks of; it is looked at when that is due, unless one comes before.</summary>
    public void AddGone(ObjectKey key, DateTimeOffset since, DateTimeOffset due)
    {
        lock (gate)
        {
            if (!entries.ContainsKey(key))
            {
                Put(key, document: null, since, due);
                Signal();
            }
        }
    }

    /// <summary>The next object that is due, for the caller alone until it is done.</summary>
    public async Task<ObjectKey> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            TimeSpan pause;
            lock (gate)
            {
                if (TryTake(out var key, out pause))
                {
                    return key;
                }

                next = changed.Task;
            }

            using var round = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(next, Task.Delay(pause, time, round.Token));
            await round.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>What is to be written of an object now.</summary>
    public StatusItem Read(ObjectKey key)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(key, out var entry))
            {
                return new StatusItem(Document: null, time.GetUtcNow());
            }

            var item = new StatusItem(entry.Document, entry.Since) { Seen = entry.Seen };
            entry.IsChanged = false;
            entry.Seen = null;
            return item;
        }
    }

    /// <summary>The object is as it should be, as far as it was read.</summary>
    /// <param name="key">The object.</param>
    /// <param name="again">When it is to be looked at again; null: when a report speaks of it.</param>
    public void Done(ObjectKey key, DateTimeOffset? again)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(key, out var entry))
            {
                return;
            }

            entry.IsBusy = false;
            entry.Failures = 0;
            if (entry.IsChanged)
            {
                // What was put off goes on waiting; after a write it is new.
                entry.Since = again is null ? time.GetUtcNow() : entry.Since;
                Schedule(key, entry, time.GetUtcNow());
            }
            else if (again is { } due)
            {
                Schedule(key, entry, due);
            }
            else if (entry.Document is null)
            {
                entries.Remove(key);
            }
            else
            {
                entry.IsAtRest = true;
            }

            Signal();
        }
    }

    /// <summary>It could not be written; reports that come in the meantime wait as well.</summary>
    /// <returns>When it is tried again.</returns>
    public TimeSpan Failed(ObjectKey key, Func<int, TimeSpan> pauseAfter)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(key, out var entry))
            {
                return TimeSpan.Zero;
            }

            entry.IsBusy = false;
            entry.Failures++;
            var pause = pauseAfter(entry.Failures);
            Schedule(key, entry, time.GetUtcNow() + pause);
            Signal();
            return pause;
        }
    }

    private void Note(StatusSeen seen, DateTimeOffset now)
    {
        if (!entries.TryGetValue(seen.Key, out var entry))
        {
            if (seen.Unreported is { } patience)
            {
                Put(seen.Key, document: null, now, now + patience);
            }

            return;
        }

        entry.Seen = seen;
        var isWaitedFor = entry.Document is null && seen.Unreported > TimeSpan.Zero && entry.Due > now;
        Change(seen.Key, entry, now, isWaitedFor ? entry.Due : now);
    }

    private void Put(ObjectKey key, StatusDocument? document, DateTimeOffset now, DateTimeOffset due)
    {
        if (!entries.TryGetValue(key, out var entry))
        {
            entries.Add(key, entry = new Entry { Since = now });
        }

        if (document is null)
        {
            entry.Since = now;
        }

        entry.Document = document;
        Change(key, entry, now, due);
    }

    private void Change(ObjectKey key, Entry entry, DateTimeOffset now, DateTimeOffset due)
    {
        entry.Since = entry.IsAtRest ? now : entry.Since;
        entry.IsChanged = true;
        if (!isActive)
        {
            entry.Due = due;
        }
        else if (!entry.IsBusy && entry.Failures == 0)
        {
            Schedule(key, entry, due);
        }
    }

    private void Schedule(ObjectKey key, Entry entry, DateTimeOffset due)
    {
        entry.IsAtRest = false;
        entry.Due = due;

        // Of those that are due at the same time the first is the first.
        schedule.Enqueue(key, (due, scheduled++));
    }

    private bool TryTake(out ObjectKey key, out TimeSpan pause)
    {
        pause = Timeout.InfiniteTimeSpan;
        while (isActive && schedule.TryPeek(out key, out var place))
        {
            var due = place.Due;

            // An object that was put off or done since has another date, and stands at that one too.
            if (!entries.TryGetValue(key, out var entry) || entry.IsBusy || entry.IsAtRest || entry.Due != due)
            {
                schedule.Dequeue();
                continue;
            }

            pause = due - time.GetUtcNow();
            if (pause > TimeSpan.Zero)
            {
                // A timer's longest is 49 days.
                pause = pause < TimeSpan.FromDays(1) ? pause : TimeSpan.FromDays(1);
                return false;
            }

            schedule.Dequeue();
            entry.IsBusy = true;
            return true;
        }

        key = default;
        return false;
    }

    private void Signal()
    {
        var done = changed;
        changed = NewSignal();
        done.TrySetResult();
    }

    // Asynchronously, for it is completed under the gate.
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Entry
    {
        public StatusDocument? Document { get; set; }

        public DateTimeOffset Since { get; set; }

        public DateTimeOffset Due { get; set; }

        public int Failures { get; set; }

        public bool IsBusy { get; set; }

        /// <summary>The newest that a watch told and the writer has not read yet.</summary>
        public StatusSeen? Seen { get; set; }

        /// <summary>A report or a sight came that the writer has not read yet.</summary>
        public bool IsChanged { get; set; }

        /// <summary>As it should be, until a report says otherwise.</summary>
        public bool IsAtRest { get; set; }
    }
}
