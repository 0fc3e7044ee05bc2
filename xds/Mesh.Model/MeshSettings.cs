// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Model;

/// <summary>What becomes of a captured connection whose destination is not of the mesh.</summary>
public enum OutboundTraffic
{
    Passthrough,
    Block,
}

/// <summary>Settings of the whole mesh, from the <c>Mesh</c> object.</summary>
public sealed record MeshSettings
{
    public required OutboundTraffic OutboundTraffic { get; init; }

    /// <summary>Ranges of service addresses in CIDR notation, sorted: traffic to them is routed by service.</summary>
    public required EquatableArray<string> ServiceCidrs { get; init; }

    /// <summary>Ranges of pod addresses in CIDR notation, sorted: traffic to them goes to that pod.</summary>
    public required EquatableArray<string> PodCidrs { get; init; }

    public required Origins Origins { get; init; }

    public static MeshSettings Default { get; } = new()
    {
        OutboundTraffic = OutboundTraffic.Passthrough,
        ServiceCidrs = ["10.96.0.0/12", "127.96.0.0/12", "240.240.0.0/16"],
        PodCidrs = ["10.244.0.0/16", "127.1.0.0/16"],
        Origins = Origins.None,
    };
}
