// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Mesh.Crds.Kinds;

/// <summary>Every kind that the product reads: file parsing, watches and RBAC are derived from this list.</summary>
public static class KindCatalog
{
    public static ImmutableArray<KindEntry> All { get; } = [];

    public static KindEntry? Find(string? apiVersion, string? kind) =>
        All.FirstOrDefault(entry => entry.ApiVersion == apiVersion && entry.Kind == kind);
}
