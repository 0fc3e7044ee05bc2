// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Mesh.Operator.Kubernetes;

/// <summary>How much is known of the cluster's CRDs.</summary>
internal enum DefinitionSight
{
    /// <summary>Not read yet.</summary>
    Pending,

    /// <summary>The operator's role does not allow to watch them.</summary>
    Denied,

    Known,
}

/// <summary>The cluster's CRDs, as far as the operator may see them.</summary>
/// <param name="Sight">Whether <paramref name="Versions"/> are all there are.</param>
/// <param name="Versions">resourceVersion by name, which is another one whenever a CRD changes: when it is established, say.</param>
internal sealed record WatchDefinitions(DefinitionSight Sight, ImmutableDictionary<string, string> Versions)
{
    public static WatchDefinitions Pending { get; } = new(DefinitionSight.Pending, ImmutableDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <summary>Null where there is none of this name.</summary>
    public string? VersionOf(string name) => Versions.GetValueOrDefault(name);
}
