// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Mesh.Model;

namespace Mesh.Xds.Translation;

/// <summary>One resource as translated: not yet bytes.</summary>
public sealed record XdsResource
{
    public required ResourceKey Key { get; init; }

    public required IMessage Message { get; init; }

    public required Origins Origins { get; init; }

    /// <summary>Sent only to a proxy that asks for it by name, not to a wildcard subscription.</summary>
    public required bool OnDemand { get; init; }

    /// <summary>Other names by which a proxy may ask for it (VHDS: the hosts that it is for).</summary>
    public EquatableArray<string> Aliases { get; init; } = [];

    /// <summary>
    /// Resources that this one names and that must exist in the same snapshot: a cluster its assignment, a scope its route configuration,
    /// a listener its extensions.
    /// </summary>
    public required EquatableArray<ResourceKey> References { get; init; }

    /// <summary>
    /// A proxy drops it when it has not heard of it for this long; null: never. For what must not outlive the control plane, as a temporary
    /// override; nothing of the mesh has one.
    /// </summary>
    public TimeSpan? Ttl { get; init; }
}
