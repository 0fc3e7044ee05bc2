// SPDX-License-Identifier: Apache-2.0
namespace KubeOps.Abstractions.Entities.Attributes;

[AttributeUsage(AttributeTargets.Class)]
public sealed class EntityScopeAttribute(EntityScope scope = EntityScope.Namespaced) : Attribute
{
    public EntityScope Scope => scope;
}

[AttributeUsage(AttributeTargets.Class)]
public sealed class KubernetesEntityShortNamesAttribute(params string[] shortNames) : Attribute
{
    public IReadOnlyList<string> ShortNames => shortNames;
}

/// <summary>A column of <c>kubectl get</c>, by JSON path from the object's root.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class GenericAdditionalPrinterColumnAttribute(string jsonPath, string name, string type) : Attribute
{
    public string JsonPath => jsonPath;

    public string Name => name;

    public string Type => type;

    public string? Description { get; init; }

    public string? Format { get; init; }

    public PrinterColumnPriority Priority { get; init; }
}
