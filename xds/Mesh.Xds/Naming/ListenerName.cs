// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Naming;

/// <summary>The name of a listener.</summary>
public readonly record struct ListenerName
{
    private ListenerName(string value) => Value = value;

    public string Value { get; }

    public ResourceKey Key => new(ResourceType.Listener, Value);

    /// <summary>Redirected connections whose first bytes tell what they speak.</summary>
    public static ListenerName Outbound { get; } = new("outbound");

    /// <summary>Redirected connections to destinations declared opaque.</summary>
    public static ListenerName OutboundOpaque { get; } = new("outbound-opaque");

    /// <summary>A service's own loopback address and port: <c>l/IP:port</c>.</summary>
    public static ListenerName Of(ServiceAddress address) => new($"l/{address}");

    public override string ToString() => Value;
}
