// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Xds.Naming;
using Mesh.Xds.Translation;

namespace Mesh.Xds.Snapshots;

/// <summary>The tables that differ from node to node: who runs there, and how connections come in.</summary>
internal static class NodeResources
{
    public static NodeTable Extensions(EquatableArray<Workload> workloads, NodeSnapshot? previous)
    {
        var before = NodeTable.Of(ResourceType.Extension, previous);
        if (previous?.Input is { } input && input.Workloads == workloads)
        {
            return before;
        }

        var change = before.Change(ResourceType.Extension);
        change.Put(Identity.Build(workloads));
        return NodeTable.Of(ResourceType.Extension, change);
    }

    public static NodeTable Listeners(MeshSnapshot mesh, CaptureMode capture, NodeSnapshot? previous) => capture switch
    {
        // What breaks a rule here is told of by the mesh's snapshot.
        CaptureMode.Redirect => new NodeTable(mesh.Shared[(int)ResourceType.Listener], []),
        CaptureMode.Loopback => Loopback(mesh.Model, previous),
    };

    private static NodeTable Loopback(MeshModel model, NodeSnapshot? previous)
    {
        var older = previous?.Input?.Model ?? MeshModel.Empty;
        var change = NodeTable.Of(ResourceType.Listener, previous).Change(ResourceType.Listener);
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

        return NodeTable.Of(ResourceType.Listener, change);
    }

    private static IEnumerable<XdsResource> LoopbackOf(MeshModel model, ServiceName name) =>
        model.Services.TryGetValue(name, out var service) ? LoopbackListeners.Build(service) : [];

    private static IEnumerable<ListenerName> LoopbackNames(MeshModel model, ServiceName name) =>
        model.Services.TryGetValue(name, out var service) ? LoopbackListeners.Names(service) : [];
}
