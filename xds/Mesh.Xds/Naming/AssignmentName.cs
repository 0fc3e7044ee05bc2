// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;

namespace Mesh.Xds.Naming;

/// <summary>The name of a ClusterLoadAssignment: <c>s/ns/svc:port</c>, shared by all clusters of the service port.</summary>
public readonly record struct AssignmentName
{
    private AssignmentName(string value) => Value = value;

    public string Value { get; }

    public ResourceKey Key => new(ResourceType.Endpoint, Value);

    public static AssignmentName Of(ServicePortName port) => new($"s/{port}");

    /// <summary>Of <see cref="ClusterName.NoBackend"/>: always empty.</summary>
    public static AssignmentName NoBackend { get; } = new("no-backend");

    public override string ToString() => Value;
}
