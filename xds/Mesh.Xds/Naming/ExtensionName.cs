// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Naming;

/// <summary>The name of a filter that is delivered as a resource of its own (ECDS).</summary>
public readonly record struct ExtensionName
{
    private ExtensionName(string value) => Value = value;

    public string Value { get; }

    public ResourceKey Key => new(ResourceType.Extension, Value);

    /// <summary>Tells from the source address which workload a connection comes from.</summary>
    public static ExtensionName Identity { get; } = new("identity");

    public override string ToString() => Value;
}
