// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;

namespace Mesh.Operator.Status;

/// <summary>
/// What is told of at the node: what its proxy refused, be a user object to blame for it or not (an address in use, say), and what of the node's
/// own is withheld because Envoy would refuse it.
/// </summary>
internal static class NodeStatusReporter
{
    public const string Kind = "MeshNode";

    public const string Withheld = "Withheld";

    private const int NamedResources = 5;

    // What a MeshNode holds is bounded, whatever the proxy has to say (the limits of its schema).
    private const int ListedResources = 10;
    private const int LongestResource = 256;
    private const int LongestMessage = 512;

    /// <param name="proxy">What the proxy holds.</param>
    /// <param name="node">What it was given; null when that is not known.</param>
    /// <returns>Null for an application without a proxy that has nothing wrong of its own: it is no node.</returns>
    public static ObjectStatus? Report(ProxyState proxy, NodeSnapshot? node)
    {
        var own = proxy.Rejected.Where(pair => pair.Value.Culprits.Refs.IsEmpty).ToList();
        var withheld = node?.Refused ?? [];
        if (proxy.IsProxyless && own.Count + withheld.Count == 0)
        {
            return null;
        }

        var programmed = proxy.Rejected.Count + withheld.Count == 0
            ? new ConditionState(
                ConditionTypes.Programmed, ConditionStatus.True, Reasons.Programmed, "The proxy has refused nothing, and nothing is withheld from it.")
            : new ConditionState(ConditionTypes.Programmed, ConditionStatus.False, Reasons.RejectedByProxy, Words(proxy, own.Count, withheld));
        return new ObjectStatus
        {
            Key = new ObjectKey(Kind, string.Empty, proxy.Node.Value),
            Generation = 0,
            Target = $"{(proxy.IsProxyless ? "gRPC" : "Envoy")} {proxy.ProxyVersion}",
            Scopes =
            [
                new ScopeStatus(
                    Parent: null,
                    [
                        new ConditionState(ConditionTypes.Accepted, ConditionStatus.True, Reasons.Accepted, "The proxy is connected."),
                        new ConditionState(ConditionTypes.ResolvedRefs, ConditionStatus.True, Reasons.ResolvedRefs, "It names nothing."),
                        programmed,
                    ]),
            ],
            Proxies = programmed.Status == ConditionStatus.True ? new ProxySummary(1, 1, 0) : new ProxySummary(1, 0, 1),
            Node = proxy.IsProxyless ? null : StateOf(proxy, node),
        };
    }

    private static NodeState StateOf(ProxyState proxy, NodeSnapshot? node)
    {
        var refused = Sorted(proxy.Rejected)
            .Select(pair => new NodeRejection(Cut(pair.Key.ToString(), LongestResource), Reasons.RejectedByProxy, Cut(pair.Value.Message, LongestMessage)));
        var withheld = (node?.Refused ?? [])
            .Select(resource => new NodeRejection(Cut(resource.Key.ToString(), LongestResource), Withheld, Cut(resource.Message, LongestMessage)));
        return new NodeState
        {
            ProxyVersion = proxy.ProxyVersion,
            Capture = node?.Capture,
            Zone = node?.Zone ?? string.Empty,
            Workloads = node?.Workloads ?? 0,
            ConfigVersion = node?.ConfigVersion() ?? string.Empty,
            IsCurrent = node is not null && proxy.SentRevision >= node.Revision && proxy.Pending.IsEmpty,
            RejectedCount = proxy.Rejected.Count + (node?.Refused.Count ?? 0),
            Rejected = refused.Concat(withheld).Take(ListedResources).ToEquatableArray(),
        };
    }

    private static string Words(ProxyState proxy, int own, EquatableArray<RefusedResource> withheld)
    {
        var refused = Sorted(proxy.Rejected)
            .Where(pair => pair.Value.Culprits.Refs.IsEmpty)
            .Select(pair => $"{pair.Key}: {pair.Value.Message}")
            .ToList();
        var others = proxy.Rejected.Count - own;
        return string.Join(" ", new[]
        {
            Text(refused, $"The proxy refused {refused.Count} resources that stem from no policy or route."),
            others == 0 ? string.Empty : $"The proxy refused {others} resources that stem from policies or routes, which say so.",
            Text(
                withheld.Select(resource => $"{resource.Key}: {resource.Message}").ToList(),
                $"{withheld.Count} resources of the node are withheld, since Envoy would refuse them; a version before keeps serving where there is one."),
        }.Where(text => text.Length > 0));
    }

    private static IEnumerable<KeyValuePair<Xds.ResourceKey, RejectedResource>> Sorted(IEnumerable<KeyValuePair<Xds.ResourceKey, RejectedResource>> rejected) =>
        rejected.OrderBy(pair => pair.Key.Type).ThenBy(pair => pair.Key.Name, StringComparer.Ordinal);

    private static string Text(List<string> resources, string what)
    {
        if (resources.Count == 0)
        {
            return string.Empty;
        }

        var more = resources.Count > NamedResources ? $" and {resources.Count - NamedResources} more" : string.Empty;
        return $"{what} {string.Join("; ", resources.Take(NamedResources))}{more}.";
    }

    private static string Cut(string text, int longest) => text.Length <= longest ? text : text[..longest] + " …";
}
