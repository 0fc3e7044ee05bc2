// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;

namespace Mesh.Operator.Building;

/// <summary>Puts the objects of the previous model in place of equal new ones, so that later stages know by reference what did not change.</summary>
internal static class ModelReuse
{
    public static EquatableArray<Workload> Merge(EquatableArray<Workload> built, EquatableArray<Workload> previous)
    {
        if (built == previous)
        {
            return previous;
        }

        var known = previous.ToDictionary(workload => workload.Address, StringComparer.Ordinal);
        return built
            .Select(workload => known.GetValueOrDefault(workload.Address) is { } old && old == workload ? old : workload)
            .ToEquatableArray();
    }

    public static MeshService? Merge(MeshService? built, MeshService? previous) => built is null || previous is null ? built : built with
    {
        Ports = built.Ports
            .Select(port => previous.Ports.FirstOrDefault(old => old.Name == port.Name) is { } old ? Merge(port, old) : port)
            .ToEquatableArray(),
    };

    private static ServicePort Merge(ServicePort built, ServicePort previous) => built == previous
        ? previous
        : built with
        {
            Cluster = built.Cluster == previous.Cluster ? previous.Cluster : built.Cluster,
            Routes = built.Routes == previous.Routes ? previous.Routes : built.Routes,
        };
}
