// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Core;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Services;

/// <summary>Pods in the order of their names, sorted out by namespace when first asked for.</summary>
internal sealed class PodsByNamespace(ResourceSet resources)
{
    private ILookup<string, Pod>? lookup;

    public IReadOnlyList<Pod> Of(string name)
    {
        lookup ??= resources.Pods.OrderBy(pair => pair.Key).ToLookup(pair => pair.Key.Namespace, pair => pair.Value, StringComparer.Ordinal);
        return [.. lookup[name]];
    }
}
