// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Crds.Kinds;

namespace Mesh.Crds.Access;

/// <summary>All that the mesh may do at the API server. Roles are written from it, and a test holds the operator to it.</summary>
public static class AccessTable
{
    private static readonly ImmutableArray<string> Watch = ["list", "watch"];

    /// <summary>In the whole cluster.</summary>
    public static ImmutableArray<AccessRule> OperatorInCluster { get; } =
    [
        .. Watched(),
        .. Statuses(),
        .. Written(),
        new AccessRule
        {
            Group = "apiextensions.k8s.io", Resources = ["customresourcedefinitions"], Verbs = Watch, Why = "which of the kinds there are, and since when",
        },
        new AccessRule { Group = "events.k8s.io", Resources = ["events"], Verbs = ["create"], Why = "changes of state beside the objects they are about" },
        new AccessRule
        {
            Group = "authentication.k8s.io", Resources = ["tokenreviews"], Verbs = ["create"], Why = "who a node's process is that asks for its configuration",
        },
        new AccessRule
        {
            Group = "admissionregistration.k8s.io",
            Resources = ["validatingwebhookconfigurations"],
            Names = [OperatorNames.WebhookConfiguration],
            Verbs = ["get", "patch", "watch"],
            Why = "whom the API server trusts at admission",
        },
    ];

    /// <summary>In the operator's namespace. A create has no name that could be asked for.</summary>
    public static ImmutableArray<AccessRule> OperatorInNamespace { get; } =
    [
        new AccessRule { Group = "coordination.k8s.io", Resources = ["leases"], Verbs = ["create"], Why = "one writer of statuses at a time" },
        new AccessRule
        {
            Group = "coordination.k8s.io",
            Resources = ["leases"],
            Names = [OperatorNames.Operator],
            Verbs = ["get", "update"],
            Why = "one writer of statuses at a time",
        },
        new AccessRule { Group = "", Resources = ["secrets"], Verbs = ["create"], Why = "admission's certificate" },
        new AccessRule
        {
            Group = "", Resources = ["secrets"], Names = [OperatorNames.AdmissionSecret], Verbs = ["get", "update", "watch"], Why = "admission's certificate",
        },
        new AccessRule
        {
            Group = "cert-manager.io", Resources = ["certificates"], Verbs = ["get"], Why = "the name of the Secret, where cert-manager makes the certificate",
        },
    ];

    /// <summary>The node's process asks the operator, not the API server.</summary>
    public static ImmutableArray<AccessRule> NodeInNamespace { get; } = [];

    /// <summary>Kinds of ours that users write: what admission judges.</summary>
    public static IEnumerable<KindEntry> UserKinds => KindCatalog.All.Where(kind => kind.Origin == KindOrigin.Mesh);

    /// <summary>Whoever writes a status reads first what is there.</summary>
    private static IEnumerable<AccessRule> Watched() => KindCatalog.All
        .GroupBy(kind => (kind.Group, HasStatus: HasStatus(kind)))
        .OrderBy(group => group.Key.Group, StringComparer.Ordinal)
        .Select(group => new AccessRule
        {
            Group = group.Key.Group,
            Resources = Sorted(group.Select(kind => kind.Plural)),
            Verbs = group.Key.HasStatus ? ["get", .. Watch] : Watch,
            Why = "what the mesh is made of",
        });

    /// <summary>Objects of the operator's own: server-side apply is a patch, and a create where there is none yet.</summary>
    private static IEnumerable<AccessRule> Written() => KindCatalog.Written.Select(kind => new AccessRule
    {
        Group = kind.Group,
        Resources = [kind.Plural],
        Verbs = ["create", "delete", "get", "list", "patch", "watch"],
        Why = $"one {kind.Kind} for each node",
    });

    private static IEnumerable<AccessRule> Statuses() => KindCatalog.All
        .Concat(KindCatalog.Written)
        .Where(HasStatus)
        .Select(kind => (kind.Group, kind.Plural))
        .GroupBy(kind => kind.Group, StringComparer.Ordinal)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => new AccessRule
        {
            Group = group.Key,
            Resources = Sorted(group.Select(kind => $"{kind.Plural}/status")),
            Verbs = ["patch"],
            Why = "what is in force, and where",
        });

    private static bool HasStatus(KindEntry kind) => kind.Schema.Status is not null;

    private static ImmutableArray<string> Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];
}
