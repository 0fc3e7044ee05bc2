// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Crds.Schema;

/// <summary>A length of time in Gateway API's notation: see <see cref="GatewayApi.GatewayDuration"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationAttribute : Attribute
{
    /// <summary>Zero is not allowed.</summary>
    public bool IsPositive { get; init; }
}

/// <summary>Groups of kinds that <c>kubectl get</c> lists together.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CategoriesAttribute(params string[] categories) : Attribute
{
    public IReadOnlyList<string> Categories => categories;
}

/// <summary>A field that Gateway API has and this mesh does not honour; <paramref name="instead"/> is what to do in its place.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class UnsupportedFieldAttribute(string name, string instead) : Attribute
{
    public string Name => name;

    public string Instead => instead;
}

/// <summary>Values that Gateway API allows here and this mesh does not honour.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UnsupportedValuesAttribute(params string[] values) : Attribute
{
    public IReadOnlyList<string> Values => values;
}

/// <summary>The values that a string may have.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneOfAttribute(params string[] values) : Attribute
{
    public IReadOnlyList<string> Values => values;
}
