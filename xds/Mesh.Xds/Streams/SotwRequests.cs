// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;
using Mesh.Xds.Naming;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>What follows from the requests for one type of a state-of-the-world stream, each of which tells all that is wanted.</summary>
internal sealed class SotwRequests(ResourceType type, SotwHoldings held, Subscription subscription, Refusals refusals)
{
    public bool IsStarted { get; private set; }

    /// <summary>The proxy waits for a response, be there anything or not.</summary>
    public bool IsAnswerDue { get; set; }

    /// <summary>Of what the proxy says in its first request that it has.</summary>
    public string ReportedVersion { get; private set; } = "";

    public void Take(DiscoveryRequest request, NameProblems problems)
    {
        // Parameters of locators choose among variants of a resource; ours have one each.
        IReadOnlyList<string> names = request.ResourceLocators.Count == 0
            ? request.ResourceNames
            : [.. request.ResourceNames, .. request.ResourceLocators.Select(static locator => locator.Name)];
        if (subscription.IsRepeated(names))
        {
            return;
        }

        var wanted = AskedNames.Normal(names, type, problems);
        var (subscribe, unsubscribe) = subscription.Differences(wanted);
        if (IsStarted && subscribe.Count + unsubscribe.Count == 0)
        {
            return;
        }

        Change(wanted, subscribe, unsubscribe);
        ReportedVersion = IsStarted ? "" : request.VersionInfo;
        IsStarted = true;
    }

    public void Ask(string name)
    {
        held.Asked.Add(name);
        if (held.IsHeld(name))
        {
            held.Note(name);
            held.Due.Add(name);
        }
        else
        {
            held.Fresh.Add(name);
        }
    }

    private void Change(IReadOnlyList<string> wanted, List<string> subscribe, List<string> unsubscribe)
    {
        // By the subscription that it had: what it has of these names is known from that.
        foreach (var name in WithMembers(subscribe))
        {
            Ask(name);
        }

        var left = !subscription.IsWildcard || unsubscribe.Contains(Subscription.Wildcard) ? WithMembers(unsubscribe) : [];
        var change = subscription.Replace(wanted, subscribe, unsubscribe, type.IsWhole());
        foreach (var name in left.Where(name => held.Table?.Find(name) is not { } resource || !subscription.Names.Covers(resource)))
        {
            Forget(name);
        }

        held.Fresh.HasWildcard |= change.WildcardBegan;
        if (change.WildcardEnded)
        {
            held.Fresh.HasWildcard = false;
            held.Special.Where(name => !IsStillNamed(name)).ToList().ForEach(Forget);
        }

        if (unsubscribe.Count > 0)
        {
            held.Recount();
        }

        // A collection may be empty, which the proxy has to learn.
        IsAnswerDue |= change.WildcardBegan || (!IsStarted && change.Asked.Count > 0) || change.Asked.Any(XdstpName.IsMeant);
    }

    private bool IsStillNamed(string name) =>
        subscription.IsNamed(name) || ((held.Table?.Find(name) ?? held.Find(name)) is { } resource && subscription.Names.Covers(resource));

    // Without the wildcard, and with the names of the resources that the others stand for.
    private IReadOnlyCollection<string> WithMembers(IReadOnlyCollection<string> names)
    {
        List<string> plain = [.. names.Where(static name => name != Subscription.Wildcard)];
        return held.Table?.WithMembers(plain) ?? plain;
    }

    private void Forget(string name)
    {
        held.Remove(name);
        held.Due.Remove(name);
        held.Asked.Remove(name);
        held.Leaving.Remove(name);
        refusals.Unsubscribed(new ResourceKey(type, name));
    }
}
