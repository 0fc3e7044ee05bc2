// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Xds.Acks;

namespace Mesh.Operator.Status;

/// <summary>Refusals that no user object is to blame for (an address in use, say) are told of at the node.</summary>
internal static class NodeStatusReporter
{
    public const string Kind = "MeshNode";

    private const int NamedResources = 5;

    /// <returns>Null when the proxy refused nothing of its node's own.</returns>
    public static ObjectStatus? Report(ProxyState proxy)
    {
        var refused = proxy.Rejected
            .Where(pair => pair.Value.Culprits.Refs.IsEmpty)
            .OrderBy(pair => pair.Key.Type)
            .ThenBy(pair => pair.Key.Name, StringComparer.Ordinal)
            .ToList();
        if (refused.Count == 0)
        {
            return null;
        }

        var words = string.Join("; ", refused.Take(NamedResources).Select(pair => $"{pair.Key}: {pair.Value.Message}"));
        var more = refused.Count > NamedResources ? $" and {refused.Count - NamedResources} more" : string.Empty;
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
                            $"The proxy refused {refused.Count} resources that stem from no policy or route. {words}{more}."),
                    ]),
            ],
            Proxies = new ProxySummary(1, 0, 1),
        };
    }
}
