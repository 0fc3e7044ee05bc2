// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;

namespace Mesh.Xds.Client;

/// <summary>What the client wants of one type and which versions it holds: enough to go on where it was after a reconnect.</summary>
internal sealed class TypeState(string typeUrl)
{
    private const string Wildcard = "*";

    private readonly SortedSet<string> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> versions = new(StringComparer.Ordinal);
    private bool isWildcard;

    public string TypeUrl => typeUrl;

    /// <summary>The request that makes the change known, or null when it changes nothing.</summary>
    public DeltaDiscoveryRequest? SubscribeAll(bool isFirst)
    {
        if (isWildcard)
        {
            return null;
        }

        isWildcard = true;
        var request = NewRequest();
        if (!isFirst)
        {
            request.ResourceNamesSubscribe.Add(Wildcard);
        }

        return request;
    }

    public DeltaDiscoveryRequest? Subscribe(IEnumerable<string> more)
    {
        var request = NewRequest();
        request.ResourceNamesSubscribe.Add(more.Order(StringComparer.Ordinal).Where(names.Add));
        return request.ResourceNamesSubscribe.Count == 0 ? null : request;
    }

    public DeltaDiscoveryRequest? Unsubscribe(IEnumerable<string> fewer)
    {
        var request = NewRequest();
        request.ResourceNamesUnsubscribe.Add(fewer.Order(StringComparer.Ordinal).Where(names.Remove));
        foreach (var name in request.ResourceNamesUnsubscribe)
        {
            versions.Remove(name);
        }

        return request.ResourceNamesUnsubscribe.Count == 0 ? null : request;
    }

    /// <summary>The first request on a new stream.</summary>
    public DeltaDiscoveryRequest Resume()
    {
        var request = NewRequest();
        if (isWildcard && names.Count > 0)
        {
            request.ResourceNamesSubscribe.Add(Wildcard);
        }

        request.ResourceNamesSubscribe.Add(names);
        foreach (var (name, version) in versions.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            request.InitialResourceVersions.Add(name, version);
        }

        return request;
    }

    /// <summary>Holds what a response brought, but for the refused names.</summary>
    public void Hold(DeltaDiscoveryResponse response, IReadOnlySet<string> refused)
    {
        foreach (var resource in response.Resources.Where(resource => !refused.Contains(resource.Name)))
        {
            versions[resource.Name] = resource.Version;
        }

        foreach (var name in response.RemovedResources)
        {
            versions.Remove(name);
        }
    }

    private DeltaDiscoveryRequest NewRequest() => new() { TypeUrl = typeUrl };
}
