// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Status;

namespace Mesh.Operator.Replicas;

/// <summary>
/// What replicas tell each other by the lease, which each of them reads every few seconds anyway: the leader where it takes reports, and who cannot
/// reach it that it has proxies all the same. Without trouble nothing is written beyond the renewals.
/// </summary>
internal sealed class LeaseBoard(FleetBoard fleet, FleetOptions options, KubernetesOptions self, TimeProvider time)
{
    // Of the election's loop alone.
    private readonly Dictionary<string, (string Text, TimeSpan Since)> notes = new(StringComparer.Ordinal);
    private TimeSpan notedAt;
    private string noted = string.Empty;

    private readonly Lock gate = new();
    private TimeSpan? unheardSince;

    public Newest<LeaseView> Leader { get; } = new(LeaseView.Nobody);

    /// <summary>For so long now that it is to be said.</summary>
    public bool IsUnheard
    {
        get
        {
            lock (gate)
            {
                return unheardSince is { } since && fleet.Now - since >= options.Unheard;
            }
        }
    }

    /// <summary>The leader has this replica's figures, or it is the leader.</summary>
    public void Heard()
    {
        lock (gate)
        {
            unheardSince = null;
        }
    }

    public void NotHeard()
    {
        lock (gate)
        {
            unheardSince ??= fleet.Now;
        }
    }

    /// <summary>The lease as it was read or written.</summary>
    public void Read(string? holder, IDictionary<string, string>? annotations)
    {
        var isSelf = holder == self.Identity;
        var view = new LeaseView(holder ?? string.Empty, annotations?.TryGetValue(LeaseNotes.Address, out var address) == true ? address : null, isSelf);
        if (view != Leader.Value)
        {
            Leader.Publish(view);
        }

        foreach (var key in notes.Keys.Where(key => annotations?.ContainsKey(key) != true).ToList())
        {
            notes.Remove(key);
        }

        foreach (var (key, text) in All(annotations).Where(IsSilent))
        {
            if (!notes.TryGetValue(key, out var known) || known.Text != text)
            {
                notes[key] = (text, fleet.Now);
            }
        }

        if (isSelf)
        {
            fleet.Silence([.. notes
                .Where(pair => IsFresh(pair.Key))
                .Select(static pair => LeaseNotes.ReadSilent(pair.Value.Text))
                .OfType<SilentNote>()
                .Where(note => note.Replica != self.Identity)
                .OrderBy(static note => note.Replica, StringComparer.Ordinal)
                .Select(static note => new SilentReplica(note.Replica, note.Proxies))]);
        }
    }

    /// <summary>The annotations with which this replica holds the lease: its address, and what others said lately.</summary>
    public Dictionary<string, string> Held(IDictionary<string, string>? found)
    {
        var kept = All(found)
            .Where(pair => pair.Key != LeaseNotes.Address && pair.Key != LeaseNotes.SilentKey(self.Identity) && (!IsSilent(pair) || IsFresh(pair.Key)))
            .ToDictionary(StringComparer.Ordinal);
        if (self.Address is { } address)
        {
            kept[LeaseNotes.Address] = address;
        }

        return kept;
    }

    /// <summary>The annotations of a lease that nobody holds.</summary>
    public static Dictionary<string, string> Released(IDictionary<string, string>? found) =>
        All(found).Where(static pair => pair.Key != LeaseNotes.Address).ToDictionary(StringComparer.Ordinal);

    /// <summary>What this replica, which does not lead, has to say; null where that is said already, or nothing.</summary>
    public Dictionary<string, string>? Note(IDictionary<string, string>? found)
    {
        var key = LeaseNotes.SilentKey(self.Identity);
        var others = All(found).Where(pair => pair.Key != key).ToDictionary(StringComparer.Ordinal);
        var proxies = IsUnheard ? fleet.Own.Value?.Roster.Length ?? 0 : 0;
        if (proxies == 0)
        {
            return found?.ContainsKey(key) == true ? others : null;
        }

        if (found?.TryGetValue(key, out var text) == true && text == noted && LeaseNotes.ReadSilent(text)?.Proxies == proxies
            && fleet.Now - notedAt < options.Reminder)
        {
            return null;
        }

        noted = LeaseNotes.Silent(self.Identity, proxies, time.GetUtcNow());
        notedAt = fleet.Now;
        others[key] = noted;
        return others;
    }

    private static IEnumerable<KeyValuePair<string, string>> All(IDictionary<string, string>? annotations) => annotations?.AsEnumerable() ?? [];

    private static bool IsSilent(KeyValuePair<string, string> note) => note.Key.StartsWith(LeaseNotes.SilentPrefix, StringComparison.Ordinal);

    /// <summary>By this replica's own clock: those of others may be wrong.</summary>
    private bool IsFresh(string key) => notes.TryGetValue(key, out var note) && fleet.Now - note.Since < 3 * options.Reminder;
}
