// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Xds;
using Mesh.Xds.Snapshots;

namespace Mesh.Tests.Streams;

/// <summary>Snapshots of one node, each made of the one before.</summary>
internal sealed class ScriptSnapshots
{
    private ImmutableArray<ResourceTable> tables = [.. ResourceTypes.PushOrder.Select(static _ => ResourceTable.Empty)];
    private long revision;

    public NodeSnapshot Next(ResourceKey[] removals, EncodedResource[] upserts)
    {
        tables = [.. ResourceTypes.PushOrder.Select(type => tables[(int)type].With(
            upserts.Where(resource => resource.Key.Type == type),
            removals.Where(key => key.Type == type).Select(static key => key.Name)))];
        return new NodeSnapshot { Node = new NodeName("n"), Revision = new Revision(++revision), Tables = tables };
    }
}
