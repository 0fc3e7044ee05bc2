// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;

namespace Mesh.Xds.Naming;

/// <summary>The name of a RouteConfiguration: <c>r/ns/svc:port</c>.</summary>
public readonly record struct RouteConfigurationName
{
    private RouteConfigurationName(string value) => Value = value;

    public string Value { get; }

    public ResourceKey Key => new(ResourceType.Route, Value);

    public static RouteConfigurationName Of(ServicePortName port) => new($"r/{port}");

    public override string ToString() => Value;
}
