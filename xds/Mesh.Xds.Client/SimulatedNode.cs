// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;

namespace Mesh.Xds.Client;

/// <summary>
/// Stands in for a node's Envoy where there is none: asks as Envoy asks, in its order and on demand, holds every resource against Envoy's
/// rules, and refuses what breaks them. No traffic flows through it.
/// </summary>
/// <param name="options">Where to connect, and as whom.</param>
/// <param name="check">The rules that a message breaks; none when it is good.</param>
public sealed class SimulatedNode(XdsClientOptions options, Func<IMessage, IReadOnlyList<string>> check)
{
    private readonly DeltaAdsClient client = new(options);
    private readonly Dictionary<string, HashSet<string>> subscribed = new(StringComparer.Ordinal);
    private readonly HashSet<string> answeredEndpoints = new(StringComparer.Ordinal);
    private ImmutableDictionary<(string TypeUrl, string Name), IMessage> held = ImmutableDictionary<(string, string), IMessage>.Empty;

    /// <summary>Everything that it has accepted.</summary>
    public ImmutableDictionary<(string TypeUrl, string Name), IMessage> Held => Volatile.Read(ref held);

    public async Task RunAsync(CancellationToken ct)
    {
        await client.SubscribeAllAsync(TypeUrls.Cluster);
        await client.RunAsync(ReceiveAsync, ct);
    }

    private async Task ReceiveAsync(ReceivedResponse response)
    {
        var refused = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var builder = held.ToBuilder();
        foreach (var resource in response.Message.Resources)
        {
            if (Read(resource) is { Problem: "", Message: { } message })
            {
                builder[(response.TypeUrl, resource.Name)] = message;
            }
            else
            {
                refused.Add(resource.Name, Read(resource).Problem);
            }
        }

        builder.RemoveRange(response.Message.RemovedResources.Select(name => (response.TypeUrl, name)));
        Volatile.Write(ref held, builder.ToImmutable());
        if (response.TypeUrl == TypeUrls.Endpoint)
        {
            answeredEndpoints.UnionWith(response.Message.Resources.Select(static resource => resource.Name));
            answeredEndpoints.UnionWith(response.Message.RemovedResources);
        }

        // As Envoy does: it asks for what the resources name before it acknowledges them.
        await FollowAsync();
        await (refused.Count == 0
            ? response.AckAsync()
            : response.NackAsync($"Error adding/updating resource(s) {string.Join(", ", refused.Select(static pair => $"{pair.Key}: {pair.Value}"))}", refused.Keys));
    }

    private (IMessage? Message, string Problem) Read(Envoy.Service.Discovery.V3.Resource resource)
    {
        try
        {
            var message = resource.Resource_?.Unpack(TypeUrls.Registry);
            return message is null ? (null, "it holds no resource of a known type") : (message, string.Join("; ", check(message)));
        }
        catch (InvalidProtocolBufferException e)
        {
            return (null, e.Message);
        }
    }

    private async Task FollowAsync()
    {
        var named = NamedResources.In(held.Values);
        await WantAsync(TypeUrls.Endpoint, named.Endpoints);
        if (named.Endpoints.All(answeredEndpoints.Contains))
        {
            // Listeners are asked for when the clusters are warm.
            await client.SubscribeAllAsync(TypeUrls.Listener);
        }

        await WantAsync(TypeUrls.Extension, named.Extensions);
        if (named.NeedsScopes)
        {
            await client.SubscribeAllAsync(TypeUrls.ScopedRoute);
        }

        await WantAsync(TypeUrls.Route, named.Routes);
        await WantAsync(TypeUrls.Cluster, named.Clusters.Where(IsOnDemand));
    }

    private bool IsOnDemand(string cluster) =>
        Subscribed(TypeUrls.Cluster).Contains(cluster) || !held.ContainsKey((TypeUrls.Cluster, cluster));

    private async Task WantAsync(string typeUrl, IEnumerable<string> names)
    {
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        var before = Subscribed(typeUrl);
        var dropped = before.Except(wanted, StringComparer.Ordinal).ToArray();
        if (wanted.Except(before, StringComparer.Ordinal).Any())
        {
            await client.SubscribeAsync(typeUrl, wanted);
        }

        if (dropped.Length > 0)
        {
            await client.UnsubscribeAsync(typeUrl, dropped);
            Volatile.Write(ref held, held.RemoveRange(dropped.Select(name => (typeUrl, name))));
            answeredEndpoints.ExceptWith(typeUrl == TypeUrls.Endpoint ? dropped : []);
        }

        subscribed[typeUrl] = wanted;
    }

    private HashSet<string> Subscribed(string typeUrl) => subscribed.GetValueOrDefault(typeUrl) ?? [];
}
