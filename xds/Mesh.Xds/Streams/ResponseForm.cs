// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Streams;

/// <summary>How a response holds its resources.</summary>
internal enum ResponseForm
{
    /// <summary>Delta: with name, aliases, version and TTL.</summary>
    Named,

    /// <summary>Delta: name, aliases, version and TTL alone.</summary>
    Heartbeat,

    /// <summary>State of the world: the resource alone.</summary>
    Bare,

    /// <summary>State of the world, to a client that can unwrap: as named where it has a TTL, else the resource alone.</summary>
    Wrapped,
}
