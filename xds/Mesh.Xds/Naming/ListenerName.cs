// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Model;

namespace Mesh.Xds.Naming;

/// <summary>The name of a listener.</summary>
public readonly record struct ListenerName
{
    private static readonly string[] DnsSuffixes = ["", ".svc", ".svc.cluster.local"];

    private ListenerName(string value) => Value = value;

    public string Value { get; }

    public ResourceKey Key => new(ResourceType.Listener, Value);

    /// <summary>Redirected connections whose first bytes tell what they speak.</summary>
    public static ListenerName Outbound { get; } = new("outbound");

    /// <summary>Redirected connections to destinations known to speak HTTP.</summary>
    public static ListenerName OutboundHttp { get; } = new("outbound-http");

    /// <summary>Redirected connections to destinations declared opaque.</summary>
    public static ListenerName OutboundOpaque { get; } = new("outbound-opaque");

    /// <summary>A service's own loopback address and port: <c>l/IP:port</c>.</summary>
    public static ListenerName Of(ServiceAddress address) => new($"l/{address}");

    /// <summary>
    /// What the user of a gRPC client may write in <c>xds:///NAME</c>: the names by which a pod finds the service in DNS, with the port.
    /// </summary>
    public static IEnumerable<ListenerName> TargetsOf(ServicePortName port)
    {
        var name = $"{port.Service.Name}.{port.Service.Namespace}";
        return DnsSuffixes.Select(suffix => new ListenerName(string.Create(CultureInfo.InvariantCulture, $"{name}{suffix}:{port.Port}")));
    }

    public override string ToString() => Value;
}
