// SPDX-License-Identifier: Apache-2.0
using KubeOps.Abstractions.Entities;
using Mesh.Crds.Kinds;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;

namespace Mesh.Operator.Kubernetes;

/// <summary>The shape of a kind's status.</summary>
internal enum StatusShape
{
    /// <summary>One set of conditions, all ours.</summary>
    Policy,

    /// <summary>An entry for each parent and controller; ours are some of them.</summary>
    Route,

    /// <summary>As a policy; the object itself is ours too.</summary>
    Node,
}

/// <summary>A kind whose status is written to the cluster.</summary>
/// <param name="Entry">Its names.</param>
/// <param name="Shape">The shape of its status.</param>
internal sealed record StatusKind(KindEntry Entry, StatusShape Shape)
{
    private static readonly Dictionary<string, StatusKind> ByName = KindCatalog.All
        .Where(entry => entry.Origin != KindOrigin.Core)
        .Select(entry => new StatusKind(entry, entry.Origin == KindOrigin.GatewayApi ? StatusShape.Route : StatusShape.Policy))
        .Concat(KindCatalog.Written.Select(entry => new StatusKind(entry, StatusShape.Node)))
        .ToDictionary(kind => kind.Entry.Kind, StringComparer.Ordinal);

    public static IReadOnlyCollection<StatusKind> All => ByName.Values;

    public bool IsNamespaced => Entry.Scope == EntityScope.Namespaced;

    /// <summary>Null where an object's status has no place in the cluster: built-in kinds, files, applications that are no nodes.</summary>
    public static StatusKind? Of(ObjectKey key) =>
        Of(key.Kind) is { } kind && (kind.Shape != StatusShape.Node || IsObjectName(key.Name)) ? kind : null;

    /// <summary>Null for kinds without a status of ours.</summary>
    public static StatusKind? Of(string kind) => ByName.GetValueOrDefault(kind);

    /// <summary>The node's name is the object's: a DNS subdomain, as every Node of Kubernetes has it.</summary>
    private static bool IsObjectName(string name) =>
        name.Length is > 0 and <= 253
        && name.Split('.').All(label => label.Length > 0
            && char.IsAsciiLetterOrDigit(label[0])
            && char.IsAsciiLetterOrDigit(label[^1])
            && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'));

    public static bool IsNode(ObjectKey key) => key.Kind == NodeStatusReporter.Kind;
}
