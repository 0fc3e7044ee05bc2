// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Mesh.Model;
using Mesh.Xds.Naming;
using Mesh.Xds.Translation;

namespace Mesh.Xds.Snapshots;

/// <summary>The names of one resource in their normal forms.</summary>
internal readonly record struct ResourceNames
{
    // Of every resource type the field that holds its name, by which Envoy removes it.
    private const int NameField = 1;

    public required string Name { get; init; }

    /// <summary>Sorted; its own name is not among them.</summary>
    public required ImmutableArray<string> Aliases { get; init; }

    /// <summary>All by which it is asked for besides its own, sorted.</summary>
    public required ImmutableArray<string> Others { get; init; }

    /// <summary>It is asked for by its name or its collection; the wildcard of old does not cover it.</summary>
    public required bool IsInCollection { get; init; }

    /// <summary>Names that are plain cost nothing. The name in the message is put in its normal form as well.</summary>
    public static ResourceNames Of(XdsResource resource)
    {
        var isUri = XdstpName.IsMeant(resource.Key.Name);
        if (!isUri && resource.Aliases.IsEmpty)
        {
            return new ResourceNames { Name = resource.Key.Name, Aliases = [], Others = [], IsInCollection = false };
        }

        XdstpName? parsed = null;
        _ = isUri && XdstpName.TryParse(resource.Key.Name, out parsed, out _);
        var name = parsed?.Text ?? resource.Key.Name;
        ImmutableArray<string> aliases = [.. resource.Aliases
            .Select(XdstpName.Normal).Where(alias => alias != name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Rename(resource.Message, resource.Key.Name, name);
        return new ResourceNames
        {
            Name = name,
            Aliases = aliases,
            Others = parsed is { IsCollection: false } ? [.. aliases.Add(parsed.Collection).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] : aliases,
            IsInCollection = isUri,
        };
    }

    public static EquatableArray<ResourceKey> Normal(EquatableArray<ResourceKey> references) =>
        references.Any(static key => XdstpName.IsMeant(key.Name))
            ? references.Select(static key => key with { Name = XdstpName.Normal(key.Name) }).ToEquatableArray()
            : references;

    private static void Rename(IMessage message, string from, string to)
    {
        if (from != to
            && message.Descriptor.FindFieldByNumber(NameField) is { FieldType: FieldType.String, IsRepeated: false } field
            && (string)field.Accessor.GetValue(message) == from)
        {
            field.Accessor.SetValue(message, to);
        }
    }
}
