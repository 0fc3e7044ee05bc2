// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Xds.Naming;
using Mesh.Xds.Translation;

namespace Mesh.Xds.Snapshots;

/// <summary>
/// Model to snapshot. The cost follows what changed since <c>previous</c>; the result does not depend on it, except that a resource that
/// breaks Envoy's rules is served in its last good version.
/// </summary>
public static class SnapshotBuilder
{
    /// <summary>The part that all nodes share; the previous one itself when the model is the same object.</summary>
    public static MeshSnapshot Build(MeshModel model, MeshSnapshot? previous)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (ReferenceEquals(model, previous?.Model))
        {
            return previous!; // It has a model, so it is not null.
        }

        var older = previous?.Model ?? MeshModel.Empty;
        var difference = ModelDifference.Between(older, model);
        var change = new TableChange(previous?.Shared ?? TableChange.NoTables, previous?.Refused ?? []);
        var oldMirrors = previous?.Mirrors ?? ImmutableDictionary<ServicePortName, int>.Empty;
        var mirrors = MirrorCounts.Update(
            oldMirrors, difference.Services.Select(s => (older.Services.GetValueOrDefault(s), model.Services.GetValueOrDefault(s))));
        foreach (var service in difference.Services.Union(MirrorCounts.Differences(oldMirrors, mirrors).Select(p => p.Service)).Order())
        {
            PutService(change, older.Services.GetValueOrDefault(service), model.Services.GetValueOrDefault(service), mirrors.ContainsKey);
        }

        foreach (var port in difference.Endpoints)
        {
            PutEndpoints(change, port, model);
        }

        if (previous is null || older.Settings != model.Settings)
        {
            foreach (var listener in RedirectListeners.Build(model.Settings))
            {
                change.Put(listener);
            }
        }

        return new MeshSnapshot
        {
            Model = model,
            Shared = change.Apply(),
            Refused = change.Refused.ToEquatableArray(),
            Workloads = (previous?.Workloads ?? WorkloadIndex.Empty).For(model.Workloads),
            Mirrors = mirrors,
            Placed = (previous?.Placed ?? PlacedPorts.None).Follow(difference.Endpoints, model),
            Places = previous?.Places ?? new PlaceMemory(),
            Proxyless = previous?.Proxyless ?? new ProxylessMemory(),
        };
    }

    /// <summary>Everything that <paramref name="node"/> may hold.</summary>
    public static NodeSnapshot ForNode(MeshSnapshot mesh, MeshNode node, NodeSnapshot? previous)
    {
        ArgumentNullException.ThrowIfNull(mesh);
        ArgumentNullException.ThrowIfNull(node);
        if (node.Proxyless is { } client)
        {
            return new NodeSnapshot
            {
                Node = node.Name,
                Revision = mesh.Revision,
                Tables = mesh.Proxyless.Tables(mesh.Model, client.Namespace),
            };
        }

        var usable = previous?.Input is { } input && previous.Node == node.Name && input.Capture == node.Capture ? previous : null;
        var workloads = mesh.Workloads.Of(node.Name);
        var extensions = NodeResources.Extensions(workloads, usable);
        var listeners = NodeResources.Listeners(mesh, node.Capture, usable);
        var endpoints = mesh.Places.Of(mesh, node.Name, usable?.Input?.Endpoints);
        return new NodeSnapshot
        {
            Node = node.Name,
            Revision = mesh.Revision,
            Tables = mesh.Shared
                .SetItem((int)ResourceType.Endpoint, endpoints.Table)
                .SetItem((int)ResourceType.Extension, extensions.Table)
                .SetItem((int)ResourceType.Listener, listeners.Table),
            Refused = extensions.Refused.Concat(listeners.Refused).ToEquatableArray(),
            Input = new NodeInput(mesh.Model, node.Capture, workloads, endpoints),
        };
    }

    private static void PutService(TableChange change, MeshService? old, MeshService? current, Func<ServicePortName, bool> isMirror)
    {
        if (current is not null)
        {
            foreach (var resource in ServiceResources.Build(current, isMirror))
            {
                change.Put(resource);
            }
        }

        if (old is not null)
        {
            var kept = current is null ? [] : ServiceResources.Keys(current).ToHashSet();
            foreach (var key in ServiceResources.Keys(old).Where(key => !kept.Contains(key)))
            {
                change.Remove(key);
            }
        }
    }

    private static void PutEndpoints(TableChange change, ServicePortName port, MeshModel model)
    {
        if (model.Endpoints.TryGetValue(port, out var endpoints))
        {
            change.Put(Assignments.Build(endpoints));
            return;
        }

        // The clusters of a port that stays were not put in again, so that their check would not see what they lose here.
        if (model.Services.TryGetValue(port.Service, out var service) && service.Ports.Any(p => p.Name == port))
        {
            throw new SnapshotInconsistentException(ClusterName.Of(port).Key, AssignmentName.Of(port).Key);
        }

        change.Remove(AssignmentName.Of(port).Key);
    }
}
