// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Reflection;
using k8s.Models;
using KubeOps.Abstractions.Entities;
using KubeOps.Abstractions.Entities.Attributes;

namespace Mesh.Crds.Schema;

/// <summary>Reads a kind's schema off its C# type.</summary>
public static class SchemaBuilder
{
    public static CrdSchema Build(Type entityType)
    {
        ArgumentNullException.ThrowIfNull(entityType);
        var entity = entityType.GetCustomAttribute<KubernetesEntityAttribute>()
            ?? throw new ArgumentException($"{entityType} is no kind: it has no KubernetesEntity attribute", nameof(entityType));
        var isCustom = typeof(CustomKubernetesEntity).IsAssignableFrom(entityType);
        var (root, status) = BuildRoot(entityType, isCustom);
        return new CrdSchema
        {
            Group = entity.Group,
            Version = entity.ApiVersion,
            Kind = entity.Kind,
            Plural = entity.PluralName,
            Scope = entityType.GetCustomAttribute<EntityScopeAttribute>()?.Scope ?? EntityScope.Namespaced,
            ShortNames = [.. entityType.GetCustomAttribute<KubernetesEntityShortNamesAttribute>()?.ShortNames ?? []],
            Categories = [.. entityType.GetCustomAttribute<CategoriesAttribute>()?.Categories ?? []],
            Columns = [.. entityType.GetCustomAttributes<GenericAdditionalPrinterColumnAttribute>().Select(ToColumn)],
            Root = root,
            Status = status,
        };
    }

    private static PrinterColumn ToColumn(GenericAdditionalPrinterColumnAttribute column) =>
        new(column.Name, column.Type, column.JsonPath, (int)column.Priority);

    private static (SchemaNode Root, SchemaNode? Status) BuildRoot(Type entityType, bool isCustom)
    {
        var types = new TypeSchemas(ignoresUnknownFields: !isCustom);
        var document = types.OfObject(entityType);
        var own = document.Properties.Where(property => property.Name is not ("apiVersion" or "kind" or "metadata"));
        if (!isCustom)
        {
            return (document with { Properties = [.. own] }, null);
        }

        // A custom resource's spec is required unless its type has a default of its own.
        var spec = own.Where(property => property.Name != "status")
            .Select(property => property with { IsRequired = property.Schema.Default is null });
        return (document with { Properties = [.. spec] }, document.Find("status")?.Schema);
    }
}
