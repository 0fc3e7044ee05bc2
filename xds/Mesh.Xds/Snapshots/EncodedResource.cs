// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;
using Mesh.Model;

namespace Mesh.Xds.Snapshots;

/// <summary>
/// One resource, encoded and hashed once, and shared by every node and stream that holds it. Two of equal version have equal bytes.
/// </summary>
public sealed class EncodedResource
{
    public required ResourceKey Key { get; init; }

    /// <summary>
    /// Content hash (XxHash128 of the body's bytes, and the aliases and the TTL if there are any, 32 hex digits): equal content has an equal
    /// version on every replica.
    /// </summary>
    public required string Version { get; init; }

    /// <summary>
    /// The bytes of one <c>envoy.service.discovery.v3.Resource</c> (name, aliases, version, resource as Any, TTL), without outer tag and length.
    /// </summary>
    public required ReadOnlyMemory<byte> Wire { get; init; }

    /// <summary>The resource alone: the part of <see cref="Wire"/> that is its <c>google.protobuf.Any</c>, without tag and length.</summary>
    public required ReadOnlyMemory<byte> Bare { get; init; }

    /// <summary>How long a proxy keeps it without hearing of it; null, which is usual: for ever.</summary>
    public ResourceTtl? Ttl { get; init; }

    /// <summary><see cref="Version"/> as a number, to be summed up.</summary>
    internal UInt128 Hash { get; init; }

    public required Origins Origins { get; init; }

    public required bool OnDemand { get; init; }

    /// <summary>
    /// Names under which it is asked for besides its own, sorted: its aliases, and the collection that it lies in. Most have none.
    /// </summary>
    internal ImmutableArray<string> OtherNames { get; init; } = [];

    public required EquatableArray<ResourceKey> References { get; init; }

    /// <summary>The message, for display and checks; never changed after encoding.</summary>
    public required IMessage Message { get; init; }

    public override string ToString() => $"{Key} {Version[..8]}";
}
