// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>
/// What a stream is subscribed to of one type, by the rules of the xDS protocol ("how the client specifies what resources to return").
/// A wildcard covers what is meant for everybody; a resource on demand is covered only by its name, an alias, or its collection's name.
/// </summary>
internal sealed class Subscription
{
    public const string Wildcard = "*";

    private IReadOnlyList<string> last = [];
    private bool started;
    private bool isLegacy;

    public bool IsWildcard { get; private set; }

    public NameSet Names { get; private set; } = NameSet.Empty;

    public bool IsNamed(string name) => Names.Contains(name);

    public bool Covers(EncodedResource resource) => (IsWildcard && !resource.OnDemand) || Names.Covers(resource);

    /// <summary>Takes over what a request asks for and tells what that changed.</summary>
    /// <param name="subscribe">Names to add.</param>
    /// <param name="unsubscribe">Names to drop.</param>
    /// <param name="legacyWildcard">Whether a first request without names means everything: a custom of types that exist without being named.</param>
    public SubscriptionChange Apply(IReadOnlyCollection<string> subscribe, IReadOnlyCollection<string> unsubscribe, bool legacyWildcard)
    {
        var wasWildcard = IsWildcard;
        if (!started && subscribe.Count + unsubscribe.Count == 0 && legacyWildcard)
        {
            IsWildcard = true;
        }

        // Only the first request can be a legacy wildcard; names that come later are added to it and do not end it.
        started = true;
        var dropped = Split(unsubscribe, ends: true).Where(IsNamed).ToHashSet(StringComparer.Ordinal);
        var asked = Split(subscribe, ends: false);
        if (dropped.Count > 0)
        {
            dropped.ExceptWith(asked);
        }

        Names = Names.With(asked, dropped);
        return new SubscriptionChange(asked, dropped, IsWildcard && !wasWildcard, wasWildcard && !IsWildcard);
    }

    /// <summary>
    /// Whether a state-of-the-world request wants what the one before did. Every answer repeats all names, mostly in the same order, and as
    /// the same strings (NamePool).
    /// </summary>
    public bool IsRepeated(IReadOnlyList<string> wanted)
    {
        if (started && wanted.SequenceEqual(last, StringComparer.Ordinal))
        {
            return true;
        }

        last = wanted;
        return false;
    }

    /// <summary>
    /// What a state-of-the-world request, which tells all that is wanted from now on, adds to and takes from the subscription. A list
    /// without names after one with names means nothing, and a legacy wildcard ends with the first name.
    /// </summary>
    /// <param name="wanted">Names, <c>*</c> among them or not.</param>
    public (List<string> Subscribe, List<string> Unsubscribe) Differences(IReadOnlyList<string> wanted)
    {
        if (wanted.Count == 0 && IsWildcard && isLegacy)
        {
            return ([], []);
        }

        var subscribe = wanted.Where(name => name == Wildcard ? !IsWildcard : !IsNamed(name)).Distinct(StringComparer.Ordinal).ToList();
        var set = wanted.ToHashSet(StringComparer.Ordinal);
        var unsubscribe = Names.Where(name => !set.Contains(name)).ToList();
        if (IsWildcard && !set.Contains(Wildcard))
        {
            unsubscribe.Add(Wildcard);
        }

        return (subscribe, unsubscribe);
    }

    /// <summary>Takes over the <see cref="Differences"/> of such a request.</summary>
    public SubscriptionChange Replace(
        IReadOnlyCollection<string> wanted, IReadOnlyCollection<string> subscribe, IReadOnlyCollection<string> unsubscribe, bool legacyWildcard)
    {
        isLegacy = !started && wanted.Count == 0 && legacyWildcard;
        return Apply(subscribe, unsubscribe, legacyWildcard);
    }

    // The names without the star, which is taken at its word.
    private IReadOnlyCollection<string> Split(IReadOnlyCollection<string> names, bool ends)
    {
        if (!names.Contains(Wildcard, StringComparer.Ordinal))
        {
            return names;
        }

        IsWildcard = !ends;
        return [.. names.Where(static name => name != Wildcard)];
    }
}

/// <param name="Asked">Names subscribed to by the request, be they new or not: each is answered.</param>
/// <param name="Dropped">Names unsubscribed from.</param>
/// <param name="WildcardBegan">The wildcard is new.</param>
/// <param name="WildcardEnded">The wildcard was dropped.</param>
internal sealed record SubscriptionChange(
    IReadOnlyCollection<string> Asked,
    IReadOnlyCollection<string> Dropped,
    bool WildcardBegan,
    bool WildcardEnded)
{
    public static SubscriptionChange None { get; } = new([], [], WildcardBegan: false, WildcardEnded: false);
}
