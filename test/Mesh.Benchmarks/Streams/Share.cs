// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds;
using Mesh.XdsBench;

namespace Mesh.Benchmarks.Streams;

/// <summary>
/// What a node is subscribed to, with the bytes that ask for it. It is encoded once for all nodes with the same share, and so is what one
/// of them noted down for a reconnect.
/// </summary>
internal sealed class Share
{
    private readonly Dictionary<ResourceType, Subscribed> types;
    private readonly Variant variant;

    private Share(Variant variant, Dictionary<ResourceType, Subscribed> types)
    {
        this.variant = variant;
        this.types = types;
    }

    /// <summary>How many resources that is.</summary>
    public int Resources => types.Values.Sum(static type => type.Count);

    /// <summary>First requests: the opening one lacks the node.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> FirstRequests => types.Values.Select(static type => (ReadOnlyMemory<byte>)type.First);

    public long FirstRequestBytes => types.Values.Sum(static type => (long)type.First.Length);

    /// <summary>Clusters, assignments, listeners and routes of these services, by name.</summary>
    public static Share Of(Variant variant, IReadOnlyList<int> services) => new(variant, new Dictionary<ResourceType, Subscribed>
    {
        [ResourceType.Cluster] = Named(variant, ResourceType.Cluster, services, static service => service.ClusterName),
        [ResourceType.Endpoint] = Named(variant, ResourceType.Endpoint, services, static service => service.ClusterName),
        [ResourceType.Listener] = Named(variant, ResourceType.Listener, services, static service => service.ListenerName),
        [ResourceType.Route] = Named(variant, ResourceType.Route, services, static service => service.RouteName),
    });

    /// <summary>All clusters and nothing else.</summary>
    public static Share AllClusters(Variant variant, int services) =>
        new(variant, new Dictionary<ResourceType, Subscribed> { [ResourceType.Cluster] = Everything(variant, ResourceType.Cluster, services) });

    /// <summary>All clusters and listeners by wildcard, and what they name.</summary>
    public static Share WholeMesh(Variant variant, int services)
    {
        int[] all = [.. Enumerable.Range(0, services)];
        return new Share(variant, new Dictionary<ResourceType, Subscribed>
        {
            [ResourceType.Cluster] = Everything(variant, ResourceType.Cluster, services),
            [ResourceType.Endpoint] = Named(variant, ResourceType.Endpoint, all, static service => service.ClusterName),
            [ResourceType.Listener] = Everything(variant, ResourceType.Listener, services),
            [ResourceType.Route] = Named(variant, ResourceType.Route, all, static service => service.RouteName),
        });
    }

    public ReadOnlyMemory<byte> Standing(ResourceType type) => types[type].Standing;

    /// <summary>Notes what a response brought, for <see cref="Resumed"/>. Called by one stream alone.</summary>
    public void Note(Response response)
    {
        var known = types[response.Type].Known;
        known.VersionInfo = System.Text.Encoding.UTF8.GetString(response.Version);
        if (variant == Variant.Delta)
        {
            response.Note(known.Versions);
        }
    }

    /// <summary>The same share as somebody asks for it who has all of it.</summary>
    public Share Resumed() => new(variant, types.ToDictionary(
        static pair => pair.Key, pair => pair.Value with { First = variant.First(pair.Key, pair.Value.Names, pair.Value.Known) }));

    private static Subscribed Named(Variant variant, ResourceType type, IReadOnlyList<int> services, Func<BenchService, string> name) =>
        Make(variant, type, [.. services.Select(number => name(new BenchService(number, 0, 0)))], services.Count);

    private static Subscribed Everything(Variant variant, ResourceType type, int services) => Make(variant, type, [], services);

    private static Subscribed Make(Variant variant, ResourceType type, string[] names, int count) =>
        new(names, count, variant.First(type, names, known: null), variant.Standing(type, names), new Known());

    /// <param name="Names">None for a wildcard.</param>
    /// <param name="Count">Resources.</param>
    /// <param name="First">The first request.</param>
    /// <param name="Standing">The part of each further request.</param>
    /// <param name="Known">What was noted.</param>
    private sealed record Subscribed(string[] Names, int Count, byte[] First, byte[] Standing, Known Known);
}
