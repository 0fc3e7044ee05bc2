// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;
using Mesh.Model;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Translation;

namespace Mesh.Testing;

/// <summary>Publishes resources made by hand, the same for every node, to a server under test.</summary>
public sealed class HandMadeSnapshots
{
    private ImmutableArray<ResourceTable> tables = [.. ResourceTypes.PushOrder.Select(static _ => ResourceTable.Empty)];
    private long revision;

    public SnapshotStore Store { get; } = new(static (mesh, node, _) => new NodeSnapshot { Node = node.Name, Revision = mesh.Revision, Tables = mesh.Shared });

    public static EncodedResource Encode(ResourceType type, string name, IMessage message, params ResourceKey[] references) => ResourceEncoder.Encode(new XdsResource
    {
        Key = new ResourceKey(type, name),
        Message = message,
        Origins = Origins.Of(new ResourceRef("Raw", "test", name, 1)),
        OnDemand = false,
        References = [.. references],
    });

    public void Publish(params EncodedResource[] upserts) => Publish([], upserts);

    public void Publish(ResourceKey[] removals, params EncodedResource[] upserts)
    {
        tables = [.. ResourceTypes.PushOrder.Select(type => tables[(int)type].With(
            upserts.Where(resource => resource.Key.Type == type),
            removals.Where(key => key.Type == type).Select(static key => key.Name)))];
        Store.Publish(new MeshSnapshot
        {
            Model = MeshModel.Empty with { Revision = new Revision(++revision) },
            Shared = tables,
            Refused = [],
        });
    }
}
