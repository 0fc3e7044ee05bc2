// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Crds.Core;
using Mesh.Model;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Services;

/// <summary>Which EndpointSlices belong to which Service, kept from build to build so that a changed slice leads straight to its service.</summary>
internal sealed record SliceIndex(ImmutableDictionary<ServiceName, ImmutableSortedSet<ObjectKey>> Slices)
{
    public static SliceIndex Empty { get; } = new(ImmutableDictionary<ServiceName, ImmutableSortedSet<ObjectKey>>.Empty);

    public static SliceIndex Build(ImmutableDictionary<ObjectKey, EndpointSlice> slices) => new(slices
        .Select(pair => (Service: ServiceOf(pair.Key, pair.Value), pair.Key))
        .Where(pair => pair.Service is not null)
        .GroupBy(pair => pair.Service.GetValueOrDefault(), pair => pair.Key)
        .ToImmutableDictionary(group => group.Key, group => group.ToImmutableSortedSet()));

    public ImmutableSortedSet<ObjectKey> Of(ServiceName service) => Slices.GetValueOrDefault(service, ImmutableSortedSet<ObjectKey>.Empty);

    /// <summary>Follows one slice from its old state to its new one, and adds the services that this touches.</summary>
    public SliceIndex Follow(ObjectKey key, EndpointSlice? before, EndpointSlice? after, ISet<ServiceName> touched)
    {
        var slices = Slices;
        if (before is not null && ServiceOf(key, before) is { } old)
        {
            touched.Add(old);
            var rest = Of(old).Remove(key);
            slices = rest.IsEmpty ? slices.Remove(old) : slices.SetItem(old, rest);
        }

        if (after is not null && ServiceOf(key, after) is { } current)
        {
            touched.Add(current);
            var known = slices.GetValueOrDefault(current, ImmutableSortedSet<ObjectKey>.Empty);
            slices = slices.SetItem(current, known.Add(key));
        }

        return new SliceIndex(slices);
    }

    private static ServiceName? ServiceOf(ObjectKey key, EndpointSlice slice) =>
        slice.Metadata?.Labels is { } labels && labels.TryGetValue(EndpointSlice.ServiceNameLabel, out var service) && service is { Length: > 0 }
            ? new ServiceName(key.Namespace, service)
            : null;
}
