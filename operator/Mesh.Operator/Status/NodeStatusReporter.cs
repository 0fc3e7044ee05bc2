// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;

namespace Mesh.Operator.Status;

/// <summary>
/// What is told of at the node: refusals that no user object is to blame for (an address in use, say), and what of the node's own is withheld
/// because Envoy would refuse it.
/// </summary>
internal static class NodeStatusReporter
{
    public const string Kind = "MeshNode";

    private const int NamedResources = 5;

    /// <param name="proxy">What the proxy holds.</param>
    /// <param name="node">What it was given; null when that is not known.</param>
    /// <returns>Null when there is nothing wrong with the node's own.</returns>
    public static ObjectStatus? Report(ProxyState proxy, NodeSnapshot? node)
    {
        var refused = proxy.Rejected
            .Where(pair => pair.Value.Culprits.Refs.IsEmpty)
            .OrderBy(pair => pair.Key.Type)
            .ThenBy(pair => pair.Key.Name, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}: {pair.Value.Message}")
            .ToList();
        var withheld = (node?.Refused ?? []).Select(resource => $"{resource.Key}: {resource.Message}").ToList();
        if (refused.Count + withheld.Count == 0)
        {
            return null;
        }

        var words = string.Join(" ", new[]
        {
            Text(refused, $"The proxy refused {refused.Count} resources that stem from no policy or route."),
            Text(withheld, $"{withheld.Count} resources of the node are withheld, since Envoy would refuse them; a version before keeps serving where there is one."),
        }.Where(text => text.Length > 0));
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
                        new ConditionState(
                            ConditionTypes.Programmed,
                            ConditionStatus.False,
                            Reasons.RejectedByProxy,
                            words),
                    ]),
            ],
            Proxies = new ProxySummary(1, 0, 1),
        };
    }

    private static string Text(List<string> resources, string what)
    {
        if (resources.Count == 0)
        {
            return string.Empty;
        }

        var more = resources.Count > NamedResources ? $" and {resources.Count - NamedResources} more" : string.Empty;
        return $"{what} {string.Join("; ", resources.Take(NamedResources))}{more}.";
    }
}
