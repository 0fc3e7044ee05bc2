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

/// <summary>A length of time in Gateway API's notation: see <see cref="GatewayApi.GatewayDuration"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationAttribute : Attribute;

/// <summary>Groups of kinds that <c>kubectl get</c> lists together.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CategoriesAttribute(params string[] categories) : Attribute
{
    public IReadOnlyList<string> Categories => categories;
}
