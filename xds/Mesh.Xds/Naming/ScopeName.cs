// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Naming;

/// <summary>The name, and the key, of a ScopedRouteConfiguration: <c>o/IP:port</c>.</summary>
public readonly record struct ScopeName
{
    private ScopeName(string value) => Value = value;

    public string Value { get; }

    public ResourceKey Key => new(ResourceType.ScopedRoute, Value);

    public static ScopeName Of(ServiceAddress address) => new(OriginalDestination.Prefix + address);

    public override string ToString() => Value;
}
