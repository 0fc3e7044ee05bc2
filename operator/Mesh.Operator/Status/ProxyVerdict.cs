// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Xds;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;

namespace Mesh.Operator.Status;

/// <summary>How far one object at one generation has come on one proxy.</summary>
internal enum ProxyStage
{
    /// <summary>The proxy has accepted everything that stems from the object.</summary>
    Applied,

    /// <summary>The proxy has used none of it yet; it fetches the current version at first use.</summary>
    OnDemand,

    Pending,

    Rejected,

    /// <summary>All that stems from the object is about redirected traffic, and the proxy's node redirects none.</summary>
    Inapplicable,

    /// <summary>The proxy has accepted it and cannot do what it says: calls that it is about fail.</summary>
    FailsClosed,
}

/// <param name="Node">The proxy's node.</param>
/// <param name="Stage">How far it is.</param>
/// <param name="Resource">The refused resource; empty where there is none.</param>
/// <param name="Message">The proxy's own words when it refused, else empty.</param>
internal sealed record ProxyVerdict(NodeName Node, ProxyStage Stage, string Resource, string Message)
{
    /// <summary>What the proxy does without though it is in force there; empty where there is nothing.</summary>
    public string Without { get; init; } = string.Empty;

    /// <summary>The proxy goes on with an earlier version of the refused resource.</summary>
    public bool HasEarlier { get; init; }

    /// <summary>It was not sent, since the proxy would refuse it.</summary>
    public bool IsWithheld { get; init; }

    /// <summary>Keeps the place of a proxy whose word does not count for the object.</summary>
    public static ProxyVerdict Unheard(ProxyState proxy) => new(proxy.Node, ProxyStage.Pending, string.Empty, string.Empty);

    /// <summary>The verdict where a resource of the node's own that stems from <paramref name="reference"/> breaks Envoy's rules, else null.</summary>
    public static ProxyVerdict? Withheld(ProxyState proxy, ResourceRef reference, NodeSnapshot? node)
    {
        foreach (var refused in node?.Refused ?? [])
        {
            // As with a proxy's refusal: who was in the last good version already is in force by it.
            var lastGood = node!.Find(refused.Key); // It is its own that is looped over.
            if (refused.Origins.Culprits(lastGood?.Origins ?? Origins.None).Contains(reference))
            {
                return new ProxyVerdict(proxy.Node, ProxyStage.Rejected, refused.Key.ToString(), refused.Message) { HasEarlier = lastGood is not null, IsWithheld = true };
            }
        }

        return null;
    }

    /// <summary>Judges one proxy by what it has accepted of <paramref name="resources"/>, all of which stem from <paramref name="reference"/>.</summary>
    /// <param name="proxy">What the proxy holds.</param>
    /// <param name="reference">The object.</param>
    /// <param name="resources">Resources of the current snapshot that stem from it.</param>
    /// <param name="since">The revision that the object at this generation came into the snapshot with.</param>
    public static ProxyVerdict Of(ProxyState proxy, ResourceRef reference, IEnumerable<ResourceKey> resources, Revision since)
    {
        var isHeld = false;
        var isPending = false;
        foreach (var key in resources)
        {
            if (proxy.Rejected.TryGetValue(key, out var rejected) && rejected.Culprits.Contains(reference))
            {
                return new ProxyVerdict(proxy.Node, ProxyStage.Rejected, key.ToString(), rejected.Message) { HasEarlier = proxy.Accepted.ContainsKey(key) };
            }

            if (proxy.Accepted.TryGetValue(key, out var accepted) && accepted.Origins.Contains(reference))
            {
                isHeld = true;
            }
            else if (accepted is not null || rejected is not null || proxy.Pending.Contains(key) || proxy.SentRevision < since)
            {
                isPending = true;
            }
        }

        return new ProxyVerdict(
            proxy.Node, isPending ? ProxyStage.Pending : isHeld ? ProxyStage.Applied : ProxyStage.OnDemand, string.Empty, string.Empty);
    }
}
