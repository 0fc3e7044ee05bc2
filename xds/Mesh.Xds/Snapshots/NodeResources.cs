// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Xds.Naming;
using Mesh.Xds.Translation;

namespace Mesh.Xds.Snapshots;

/// <summary>The tables that differ from node to node: who runs there, and how connections come in.</summary>
internal static class NodeResources
{
    public static ResourceTable Extensions(EquatableArray<Workload> workloads, NodeSnapshot? previous)
    {
        var table = previous?[ResourceType.Extension];
        if (table is not null && previous?.Input is { } input && input.Workloads == workloads)
        {
            return table;
        }

        var change = new TableChange(Only(ResourceType.Extension, table), []);
        change.Put(Identity.Build(workloads));
        return change.Apply()[(int)ResourceType.Extension];
    }

    public static ResourceTable Listeners(MeshSnapshot mesh, CaptureMode capture, NodeSnapshot? previous) => capture switch
    {
        CaptureMode.Redirect => mesh.Shared[(int)ResourceType.Listener],
        CaptureMode.Loopback => Loopback(mesh.Model, previous),
    };

    private static ResourceTable Loopback(MeshModel model, NodeSnapshot? previous)
    {
        var older = previous?.Input?.Model ?? MeshModel.Empty;
        var change = new TableChange(Only(ResourceType.Listener, previous?[ResourceType.Listener]), []);
        var difference = ModelDifference.Between(older, model).Services;
        foreach (var listener in difference.SelectMany(s => LoopbackOf(model, s)))
        {
            change.Put(listener);
        }

        // After all new ones: an address may have moved from one service to another.
        foreach (var name in difference.SelectMany(s => LoopbackNames(older, s)))
        {
            change.Remove(name.Key);
        }

        return change.Apply()[(int)ResourceType.Listener];
    }

    private static IEnumerable<XdsResource> LoopbackOf(MeshModel model, ServiceName name) =>
        model.Services.TryGetValue(name, out var service) ? LoopbackListeners.Build(service) : [];

    private static IEnumerable<ListenerName> LoopbackNames(MeshModel model, ServiceName name) =>
        model.Services.TryGetValue(name, out var service) ? LoopbackListeners.Names(service) : [];

    private static System.Collections.Immutable.ImmutableArray<ResourceTable> Only(ResourceType type, ResourceTable? table) =>
        table is null ? TableChange.NoTables : TableChange.NoTables.SetItem((int)type, table);
}
