// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;
using Mesh.Model;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Translation;
using Mesh.XdsBench.Shapes;

namespace Mesh.XdsBench;

/// <summary>The made-up mesh: the same for every node, changed by the triggers, published as the product publishes.</summary>
internal sealed class BenchMesh
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<int, BenchService> services = [];
    private readonly int endpoints;
    private ImmutableArray<ResourceTable> tables = [.. ResourceTypes.PushOrder.Select(static _ => ResourceTable.Empty)];
    private long revision;

    public BenchMesh(int count, int endpoints)
    {
        this.endpoints = endpoints;
        foreach (var number in Enumerable.Range(0, count))
        {
            services.Add(number, new BenchService(number, 0, 0));
        }

        var secrets = Secrets.Build().Select(static secret => Encode(ResourceType.Secret, secret.Name, secret));
        Publish([.. secrets, .. services.Values.SelectMany(Resources)], []);
    }

    public SnapshotStore Store { get; } = new(static (mesh, node, _) =>
        new NodeSnapshot { Node = node.Name, Revision = mesh.Revision, Tables = mesh.Shared });

    public int Services
    {
        get
        {
            lock (gate)
            {
                return services.Count;
            }
        }
    }

    /// <summary>Changes the endpoints of one service; false when there is no such service.</summary>
    public bool ChangeEndpoint(int number) => Change(number, static service => service with { EndpointGeneration = service.EndpointGeneration + 1 });

    public bool ChangeRoute(int number) => Change(number, static service => service with { RouteGeneration = service.RouteGeneration + 1 });

    /// <param name="number">Its number; null for the next one.</param>
    public bool Add(int? number)
    {
        lock (gate)
        {
            var service = new BenchService(number ?? services.Keys.LastOrDefault(-1) + 1, 0, 0);
            if (!services.TryAdd(service.Number, service))
            {
                return false;
            }

            Publish(Resources(service), []);
            return true;
        }
    }

    /// <param name="number">Its number; null for the last one.</param>
    public bool Remove(int? number)
    {
        lock (gate)
        {
            if (!services.Remove(number ?? services.Keys.LastOrDefault(-1), out var service))
            {
                return false;
            }

            Publish([], [.. Resources(service).Select(static resource => resource.Key)]);
            return true;
        }
    }

    private static EncodedResource Encode(ResourceType type, string name, IMessage message, params ResourceKey[] references) =>
        ResourceEncoder.Encode(new XdsResource
        {
            Key = new ResourceKey(type, name),
            Message = message,
            Origins = Origins.Of(new ResourceRef("Service", "bench", name, 1)),
            OnDemand = false,
            References = [.. references],
        });

    private bool Change(int number, Func<BenchService, BenchService> change)
    {
        lock (gate)
        {
            if (!services.TryGetValue(number, out var service))
            {
                return false;
            }

            var changed = services[number] = change(service);
            Publish(Resources(changed).Where(resource => tables[(int)resource.Key.Type].Find(resource.Key.Name)?.Version != resource.Version), []);
            return true;
        }
    }

    private IEnumerable<EncodedResource> Resources(BenchService service) =>
    [
        Encode(ResourceType.Cluster, service.ClusterName, Clusters.Build(service), new ResourceKey(ResourceType.Endpoint, service.ClusterName)),
        Encode(ResourceType.Endpoint, service.ClusterName, Assignments.Build(service, endpoints)),
        Encode(
            ResourceType.Listener, service.ListenerName, Listeners.Build(service), new ResourceKey(ResourceType.Route, service.RouteName)),
        Encode(ResourceType.Route, service.RouteName, Routes.Build(service), new ResourceKey(ResourceType.Cluster, service.ClusterName)),
    ];

    private void Publish(IEnumerable<EncodedResource> upserts, IReadOnlyCollection<ResourceKey> removals)
    {
        var byType = upserts.ToLookup(static resource => resource.Key.Type);
        tables = [.. ResourceTypes.PushOrder.Select(type => tables[(int)type].With(
            byType[type], removals.Where(key => key.Type == type).Select(static key => key.Name)))];
        Store.Publish(new MeshSnapshot { Model = MeshModel.Empty with { Revision = new Revision(++revision) }, Shared = tables, Refused = [] });
    }
}
