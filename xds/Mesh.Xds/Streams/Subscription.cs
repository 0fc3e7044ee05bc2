// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Streams;

/// <summary>
/// What a stream is subscribed to of one type, by the rules of the xDS protocol ("how the client specifies what resources to return").
/// A wildcard covers what is meant for everybody; a resource on demand is covered only by its name.
/// </summary>
internal sealed class Subscription
{
    private const string Wildcard = "*";

    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private bool started;
    private bool isLegacy;

    public bool IsWildcard { get; private set; }

    public IReadOnlyCollection<string> Names => names;

    public bool IsNamed(string name) => names.Contains(name);

    public bool Covers(string name, bool onDemand) => (IsWildcard && !onDemand) || names.Contains(name);

    /// <summary>Takes over what a request asks for and tells what that changed.</summary>
    /// <param name="subscribe">Names to add.</param>
    /// <param name="unsubscribe">Names to drop.</param>
    /// <param name="legacyWildcard">Whether a first request without names means everything: a custom of types that exist without being named.</param>
    public SubscriptionChange Apply(IReadOnlyCollection<string> subscribe, IReadOnlyCollection<string> unsubscribe, bool legacyWildcard)
    {
        var wasWildcard = IsWildcard;
        if (!started && subscribe.Count == 0 && legacyWildcard)
        {
            IsWildcard = true;
        }

        // Only the first request can be a legacy wildcard; names that come later are added to it and do not end it.
        started = true;
        var dropped = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in unsubscribe)
        {
            if (name == Wildcard)
            {
                IsWildcard = false;
            }
            else if (names.Remove(name))
            {
                dropped.Add(name);
            }
        }

        var asked = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in subscribe)
        {
            if (name == Wildcard)
            {
                IsWildcard = true;
            }
            else
            {
                names.Add(name);
                dropped.Remove(name);
                asked.Add(name);
            }
        }

        return new SubscriptionChange(asked, dropped, IsWildcard && !wasWildcard, wasWildcard && !IsWildcard);
    }

    /// <summary>
    /// Takes over what a state-of-the-world request asks for, which is all that it wants from now on. A list without names after one with
    /// names means nothing, and a legacy wildcard ends with the first name.
    /// </summary>
    /// <param name="wanted">Names, <c>*</c> among them or not.</param>
    /// <param name="legacyWildcard">As above.</param>
    public SubscriptionChange Replace(IReadOnlyCollection<string> wanted, bool legacyWildcard)
    {
        if (wanted.Count == 0 && IsWildcard && isLegacy)
        {
            return new SubscriptionChange([], [], false, false);
        }

        isLegacy = !started && wanted.Count == 0 && legacyWildcard;
        var set = wanted.ToHashSet(StringComparer.Ordinal);
        var subscribe = set.Where(name => name == Wildcard ? !IsWildcard : !names.Contains(name)).ToList();
        var unsubscribe = names.Where(name => !set.Contains(name)).ToList();
        if (IsWildcard && !set.Contains(Wildcard))
        {
            unsubscribe.Add(Wildcard);
        }

        return Apply(subscribe, unsubscribe, legacyWildcard);
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
    bool WildcardEnded);
