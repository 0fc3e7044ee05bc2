// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;

namespace Mesh.Operator.Building;

/// <summary>Puts the objects of the previous model in place of equal new ones, so that later stages know by reference what did not change.</summary>
internal static class ModelReuse
{
    public static MeshModel Reuse(MeshModel built, MeshModel previous)
    {
        var (services, changedServices) = Merge(built.Services, previous.Services, Merge);
        var (endpoints, changedEndpoints) = Merge(built.Endpoints, previous.Endpoints, (set, _) => set);
        return built with
        {
            Services = services,
            Endpoints = endpoints,
            Workloads = Merge(built.Workloads, previous.Workloads),
            Settings = built.Settings == previous.Settings ? previous.Settings : built.Settings,
            Changes = new ModelChanges(previous.Revision, changedServices, changedEndpoints),
        };
    }

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

    private static (ImmutableDictionary<TKey, TValue> Merged, EquatableArray<TKey> Changed) Merge<TKey, TValue>(
        ImmutableDictionary<TKey, TValue> built, ImmutableDictionary<TKey, TValue> previous, Func<TValue, TValue, TValue> mergeChanged)
        where TKey : notnull, IComparable<TKey>
        where TValue : class
    {
        if (ReferenceEquals(built, previous))
        {
            return (previous, []);
        }

        // Starting from the previous dictionary shares its tree, and returns the very same one when nothing differs.
        var merged = previous.ToBuilder();
        var changed = new List<TKey>();
        foreach (var key in previous.Keys.Where(key => !built.ContainsKey(key)))
        {
            merged.Remove(key);
            changed.Add(key);
        }

        foreach (var (key, value) in built)
        {
            if (!previous.TryGetValue(key, out var old))
            {
                merged.Add(key, value);
                changed.Add(key);
            }
            else if (!EqualityComparer<TValue>.Default.Equals(old, value))
            {
                merged[key] = mergeChanged(value, old);
                changed.Add(key);
            }
        }

        return (merged.ToImmutable(), changed.Order().ToEquatableArray());
    }

    private static MeshService Merge(MeshService built, MeshService previous) => built with
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
