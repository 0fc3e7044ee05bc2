// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Envoy.Service.Discovery.V3;
using Mesh.Xds.Naming;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>What follows from the requests of a proxy for one type: what is wanted from now on, and what is to be answered at once.</summary>
internal sealed class TypeRequests(ResourceType type, Holdings held, Subscription subscription)
{
    // Where more was sent before this type was asked for, all that it is asked for is owed.
    private const int MostSentBefore = 16;

    private static readonly Dictionary<string, string> NothingReported = new(StringComparer.Ordinal);

    // What was sent of another type before this one was asked for: what it refers to is owed.
    private readonly List<ImmutableArray<EncodedResource>> sentBefore = [];

    // Only where the proxy uses locators with parameters.
    private NameVariants? variants;

    // Unsubscribed from, and the proxy may think that it has them by another name.
    private SortedSet<string>? doubtful;

    public bool IsStarted { get; private set; }

    public bool IsAnyDoubtful => doubtful is not null;

    /// <summary>The proxy has asked for something and was not answered yet.</summary>
    public bool IsAnswerDue { get; set; }

    /// <summary>The wildcard is new and must be answered, be there anything or not.</summary>
    public bool IsGreetingDue { get; set; }

    // Clusters, listeners and scopes exist without being named by anything; a first request without names asks for all, and so does one for
    // virtual hosts, which gets those that are meant for everybody. The others are always named, and an Envoy without any of them would
    // get everything if its empty request were taken for a wildcard.
    private bool HasLegacyWildcard => type is ResourceType.Cluster or ResourceType.Listener or ResourceType.ScopedRoute or ResourceType.VirtualHost;

    public void Take(DeltaDiscoveryRequest request, NameProblems problems)
    {
        var asked = AskedNames.Of(request, type, problems);
        IsAnswerDue |= asked.Subscribe.Count > 0 || request.ResourceLocatorsSubscribe.Count > 0 || request.ResponseNonce.Length == 0;
        Take(variants is null && !NameVariants.AreIn(request) ? asked : WithLocators(request, asked, problems));
    }

    /// <summary>Tells that what the proxy has unsubscribed from and may think to have by another name is gone.</summary>
    public void SendDoubtful()
    {
        IReadOnlyList<string> names = doubtful is null ? [] : [.. doubtful.Where(name => !subscription.IsNamed(name) && held.Wanted(name) is null)];
        doubtful = null;
        held.SendRemoved(names);
    }

    /// <summary>What these refer to has to follow them, though it may not have changed.</summary>
    public void Owe(ImmutableArray<EncodedResource> referring)
    {
        if (!IsStarted)
        {
            if (sentBefore.Count <= MostSentBefore)
            {
                sentBefore.Add(referring);
            }

            return;
        }

        if (subscription.Names.Count == 0 && !subscription.IsWildcard)
        {
            return;
        }

        foreach (var name in NamesIn(referring).Where(held.IsHeld))
        {
            held.Hold(name);
            held.Owed.Add(name);
            held.Due.Add(name);
        }
    }

    /// <summary>The first table has come, which tells the names that are aliases: of what was reported, what is not asked for is forgotten.</summary>
    public void ForgetUnasked()
    {
        if (held.Special.Count > 0 && !subscription.IsWildcard && !MayAskForAliases())
        {
            held.Special.Where(name => held.Find(name) is { Reported: true } && !IsAskedFor(name)).ToList().ForEach(held.Forget);
        }
    }

    private static IEnumerable<string> NamesIn(ImmutableArray<EncodedResource> referring) => referring
        .SelectMany(static resource => resource.References)
        .Where(static reference => reference.Type == ResourceType.Endpoint)
        .Select(static reference => reference.Name);

    private AskedNames WithLocators(DeltaDiscoveryRequest request, AskedNames asked, NameProblems problems)
    {
        variants ??= new NameVariants();
        return variants.Take(request, asked, name => AskedNames.Normal(name, type, problems), subscription.IsNamed);
    }

    private void Take(AskedNames asked)
    {
        var reported = IsStarted ? NothingReported : asked.Reported;
        IsStarted = true;
        held.HasAcceptedAnything |= reported.Count > 0;

        // Both look at what the proxy has by the subscription that it had.
        AskWhatLeaves(asked.Unsubscribe);
        Ask(WithMembers(asked.Subscribe), reported);
        var change = subscription.Apply(asked.Subscribe, asked.Unsubscribe, HasLegacyWildcard);
        if (reported.Count > 0)
        {
            Resume(reported, change.WildcardBegan);
        }
        else
        {
            held.Fresh.HasWildcard |= change.WildcardBegan;
        }

        sentBefore.Clear();
        IsGreetingDue |= change.WildcardBegan && reported.Count == 0;
        if (!subscription.IsWildcard && change.Dropped.Count > 0)
        {
            Drop(change.Dropped);
        }

        if (change.WildcardEnded)
        {
            held.Fresh.HasWildcard = false;
            ForgetUncovered([.. held.Special]);
        }
    }

    // The proxy cannot know whether the wildcard or a collection covers a name that it drops: it is told, by the resource or by its removal.
    private void AskWhatLeaves(IReadOnlyList<string> dropped)
    {
        if (dropped.Count == 0 || (!subscription.IsWildcard && held.Table?.HasOtherNames != true))
        {
            return;
        }

        foreach (var name in WithMembers([.. dropped.Where(subscription.IsNamed)]))
        {
            if (held.Find(name) is not null)
            {
                held.Asked.Add(name);
                held.Due.Add(name);
            }
        }
    }

    private void Ask(IReadOnlyCollection<string> names, IDictionary<string, string> reported)
    {
        if (names.Count == 0)
        {
            return;
        }

        var isNothingKnown = subscription.Names.Count == 0 && !subscription.IsWildcard && held.Special.Count == 0;
        if (isNothingKnown)
        {
            held.Fresh.MakeRoom(names.Count);
        }

        foreach (var name in names)
        {
            if (name == Subscription.Wildcard || reported.ContainsKey(name))
            {
                continue;
            }

            // Of a name that stands for others its members are asked for; should they be gone before they may be sent, it is absent.
            if (isNothingKnown || held.Table?.IsOtherName(name) == true || held.Find(name) is null)
            {
                held.Fresh.Add(name);
            }
            else
            {
                held.Asked.Add(name);
                held.Due.Add(name);
            }
        }
    }

    // The proxy comes back and says what it has: what is as it should be needs no note and no message.
    private void Resume(IDictionary<string, string> reported, bool hasWildcard)
    {
        var isAllOwed = sentBefore.Count > MostSentBefore;
        var mustFollow = sentBefore.SelectMany(NamesIn).ToHashSet(StringComparer.Ordinal);
        var mayHaveAliases = !subscription.IsWildcard && MayAskForAliases();
        foreach (var (name, version) in reported)
        {
            if (!mayHaveAliases && !IsAskedFor(name))
            {
                // What it does not ask for is its own business.
                continue;
            }

            var isOwed = isAllOwed || mustFollow.Contains(name);
            if (isOwed || held.Wanted(name)?.Version != version)
            {
                held.Report(name, version);
                _ = isOwed && held.Owed.Add(name);
            }
        }

        if (hasWildcard && held.Table is { } table)
        {
            table.ForEverybody.Select(static resource => resource.Key.Name).Where(name => !reported.ContainsKey(name)).ToList().ForEach(held.Fresh.Add);
        }
        else
        {
            held.Fresh.HasWildcard |= hasWildcard;
        }
    }

    private IReadOnlyCollection<string> WithMembers(IReadOnlyCollection<string> names) => held.Table?.WithMembers(names) ?? names;

    // What nothing else covers is nobody's business. The proxy goes by the other names of the version that it has; they may not be those of
    // the newest.
    private void Drop(IReadOnlyCollection<string> names)
    {
        List<string> had = held.HasSeenOtherNames ? [.. held.Notes.Where(note => note.Value.HasAnyOf(names)).Select(static note => note.Key)] : [];
        ForgetUncovered(had.Count == 0 ? WithMembers(names) : [.. WithMembers(names).Union(had, StringComparer.Ordinal)]);
    }

    private void ForgetUncovered(IReadOnlyCollection<string> names)
    {
        foreach (var name in names.Where(name => !subscription.IsNamed(name) && held.Wanted(name) is null))
        {
            var note = held.Notes.GetValueOrDefault(name);
            if (held.HasSeenOtherNames && note is { Open: 0 } && (IsCovered(note.Latest) || IsCovered(note.Good)))
            {
                // By the version that it has the proxy wants it still, by the newest it has to be removed.
                held.Due.Add(name);
                continue;
            }

            // Which other names the proxy's version has is not known of one that was only reported, nor while answers are awaited.
            if (note is { Sent: not null, Latest: null } || (held.HasSeenOtherNames && note is { Open: > 0 }))
            {
                (doubtful ??= new SortedSet<string>(StringComparer.Ordinal)).Add(name);
            }

            held.Forget(name);
        }
    }

    private bool IsCovered(EncodedResource? resource) => resource is not null && subscription.Covers(resource);

    // Of what there was the aliases are not known: a name asked for that is no resource's own may have been one.
    private bool MayAskForAliases() =>
        held.Table is not { } table || subscription.Names.Any(name => table.Find(name) is null && !IsCollection(name));

    private bool IsAskedFor(string name) =>
        subscription.IsWildcard
        || subscription.IsNamed(name)
        || held.Wanted(name) is not null
        || (XdstpName.IsMeant(name) && XdstpName.TryParse(name, out var parsed, out _) && subscription.IsNamed(parsed.Collection));

    private static bool IsCollection(string name) => XdstpName.IsMeant(name) && XdstpName.TryParse(name, out var parsed, out _) && parsed.IsCollection;
}
