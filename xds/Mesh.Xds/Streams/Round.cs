// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>What one push of one type has come to.</summary>
internal sealed class Round
{
    public static Round Nothing { get; } = new();

    /// <summary>Special resources to be sent, sorted by name.</summary>
    public List<EncodedResource> Send { get; } = [];

    /// <summary>All that is sent, sorted by name.</summary>
    public ImmutableArray<EncodedResource> Sent { get; private set; } = [];

    /// <summary>Names to which the proxy is told at once that there is nothing.</summary>
    public List<string> Absent { get; } = [];

    /// <summary>Names that the proxy has and should no longer have.</summary>
    public List<string> Remove { get; } = [];

    /// <summary>What is sent: the special ones and these, which are sorted as well.</summary>
    public void Join(ImmutableArray<EncodedResource> fresh)
    {
        Sent = Send.Count == 0 ? fresh : fresh.IsEmpty ? [.. Send] : [.. Send.Concat(fresh).OrderBy(static resource => resource.Key.Name, StringComparer.Ordinal)];
    }
}
