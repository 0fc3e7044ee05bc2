// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Xds.Validation;

namespace Mesh.Xds.Snapshots;

/// <summary>
/// How long a proxy keeps a resource without hearing of it, with the bytes that only such a resource needs. See the xDS protocol, "TTL".
/// </summary>
public sealed class ResourceTtl
{
    /// <summary>A shorter one would end between two heartbeats of a busy server.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public required TimeSpan Time { get; init; }

    /// <summary>The bytes of one <c>envoy.service.discovery.v3.Resource</c> with name, aliases, version and TTL, and without the resource.</summary>
    public required ReadOnlyMemory<byte> Heartbeat { get; init; }

    /// <summary>
    /// The bytes of a <c>google.protobuf.Any</c> that holds a whole <c>Resource</c>: in the state of the world nothing else can carry a TTL.
    /// </summary>
    public required ReadOnlyMemory<byte> Wrapped { get; init; }

    /// <summary>What is wrong with a TTL.</summary>
    internal static IEnumerable<RuleViolation> Check(TimeSpan? ttl)
    {
        if (ttl is { } time && (time < Shortest || time > Longest))
        {
            yield return new RuleViolation("ttl", "range", string.Create(
                CultureInfo.InvariantCulture,
                $"is {time.TotalSeconds:0.###} s, must be from {Shortest.TotalSeconds:0} s to {Longest.TotalDays:0} days"));
        }
    }
}
