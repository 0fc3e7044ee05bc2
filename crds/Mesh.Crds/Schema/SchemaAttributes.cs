// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Crds.Schema;

/// <summary>The default that the API server (and file mode) fills in, as JSON text: <c>3</c>, <c>"10s"</c>, <c>true</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefaultAttribute(string json) : Attribute
{
    public string Json => json;
}

/// <summary>The array is a map with these keys (<c>x-kubernetes-list-type: map</c>).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListMapAttribute(params string[] keys) : Attribute
{
    public IReadOnlyList<string> Keys => keys;
}

/// <summary>A length of time in Gateway API's notation (GEP-2257): up to four of h, m, s, ms, largest first, no fraction.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationAttribute : Attribute
{
    public const string Pattern = "^([0-9]{1,5}(h|m|s|ms)){1,4}$";
}

/// <summary>The type's values in the schema, in this order, where the C# names are not the API's.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CategoriesAttribute(params string[] categories) : Attribute
{
    public IReadOnlyList<string> Categories => categories;
}
