// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Mesh.Crds.Schema;

public enum SchemaType
{
    Object,

    /// <summary>An object whose field names are free; <see cref="SchemaNode.Items"/> says what its values are.</summary>
    Map,
    Array,
    String,
    Integer,
    Number,
    Boolean,
    IntOrString,
}

/// <summary>What a value must be like: OpenAPI v3 as far as CRDs may use it and we do.</summary>
public sealed record SchemaNode
{
    public required SchemaType Type { get; init; }

    /// <summary>Name of the C# type of an object or enumeration; empty for others.</summary>
    public string TypeName { get; init; } = "";

    /// <summary>What the type is, wherever it is used.</summary>
    public string TypeDescription { get; init; } = "";

    /// <summary>What it is for in this place.</summary>
    public string Description { get; init; } = "";

    /// <summary>JSON text; null where nothing is filled in.</summary>
    public string? Default { get; init; }

    public ImmutableArray<SchemaRule> Rules { get; init; } = [];

    /// <summary>Fields of an object, sorted by name.</summary>
    public ImmutableArray<SchemaProperty> Properties { get; init; } = [];

    /// <summary>Fields that the API has and this mesh does not honour.</summary>
    public ImmutableArray<UnsupportedFieldAttribute> UnsupportedFields { get; init; } = [];

    /// <summary>Fields that may be there with any content and are dropped.</summary>
    public ImmutableArray<string> IgnoredFields { get; init; } = [];

    /// <summary>A map whose keys are qualified names, <c>example.com/name</c>.</summary>
    public bool HasQualifiedNames { get; init; }

    /// <summary>Other fields may be there and are dropped.</summary>
    public bool IgnoresUnknownFields { get; init; }

    /// <summary>Elements of an array, values of a map.</summary>
    public SchemaNode? Items { get; init; }

    public int? MinItems { get; init; }

    public int? MaxItems { get; init; }

    /// <summary>Fields that no two elements have in common; empty for other arrays.</summary>
    public ImmutableArray<string> ListMapKeys { get; init; } = [];

    /// <summary>No two elements are equal.</summary>
    public bool IsSet { get; init; }

    public int? MinLength { get; init; }

    public int? MaxLength { get; init; }

    public string? Pattern { get; init; }

    /// <summary>int32, int64, double, date-time, cidr, ip or null.</summary>
    public string? Format { get; init; }

    /// <summary>A string in the notation of <see cref="GatewayApi.GatewayDuration"/>.</summary>
    public bool IsDuration { get; init; }

    /// <summary>Allowed texts; empty for any.</summary>
    public ImmutableArray<string> Enum { get; init; } = [];

    /// <summary>Texts that the API allows and this mesh does not honour.</summary>
    public ImmutableArray<string> UnsupportedValues { get; init; } = [];

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    public SchemaProperty? Find(string name) => Properties.FirstOrDefault(property => property.Name == name);
}

/// <summary>A field of an object.</summary>
public sealed record SchemaProperty(string Name, SchemaNode Schema, bool IsRequired);

/// <summary>A CEL rule with what it says when it does not hold.</summary>
public sealed record SchemaRule(string Rule, string Message);
