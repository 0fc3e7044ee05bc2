// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Xds.Naming;
using Mesh.Xds.Translation;
using Mesh.Xds.Validation;

namespace Mesh.Xds.Snapshots;

/// <summary>Collects what is put into and taken out of a set of tables, checks it, and makes the next set of it.</summary>
internal sealed class TableChange
{
    private readonly ImmutableArray<ResourceTable> tables;
    private readonly Dictionary<ResourceKey, EncodedResource> upserts = [];
    private readonly HashSet<ResourceKey> removals = [];
    private readonly Dictionary<ResourceKey, RefusedResource> refused;

    public TableChange(ImmutableArray<ResourceTable> tables, IEnumerable<RefusedResource> refused)
    {
        this.tables = tables;
        this.refused = refused.ToDictionary(r => r.Key);
    }

    public static ImmutableArray<ResourceTable> NoTables { get; } = [.. ResourceTypes.PushOrder.Select(_ => ResourceTable.Empty)];

    /// <summary>Sorted by name; a refused resource that is no longer wanted is not in it.</summary>
    public IEnumerable<RefusedResource> Refused =>
        refused.Values.OrderBy(r => r.Key.Type).ThenBy(r => r.Key.Name, StringComparer.Ordinal);

    /// <summary>Keeps the old bytes where the content is the same, and the last good version where the new one breaks Envoy's rules.</summary>
    public void Put(XdsResource resource)
    {
        removals.Remove(resource.Key);
        refused.Remove(resource.Key);
        if (NameProblem(resource.Key) is { } problem)
        {
            refused[resource.Key] = new RefusedResource(resource.Key, resource.Origins, problem);
            return;
        }

        IReadOnlyList<RuleViolation> violations = [.. ProtoRules.Check(resource.Message), .. ResourceTtl.Check(resource.Ttl)];
        if (violations.Count > 0)
        {
            refused[resource.Key] = new RefusedResource(resource.Key, resource.Origins, string.Join("; ", violations));
            return;
        }

        upserts[resource.Key] = Reuse(Old(resource.Key), ResourceEncoder.Encode(resource));
    }

    /// <summary>Puts in what another table has.</summary>
    public void Take(EncodedResource resource)
    {
        removals.Remove(resource.Key);
        upserts[resource.Key] = resource;
    }

    public void Remove(ResourceKey key)
    {
        if (!upserts.ContainsKey(key))
        {
            refused.Remove(key);
            removals.Add(key);
        }
    }

    /// <exception cref="SnapshotInconsistentException">Something put in names what is not there.</exception>
    public ImmutableArray<ResourceTable> Apply()
    {
        var next = ImmutableArray.CreateBuilder<ResourceTable>(tables.Length);
        foreach (var type in ResourceTypes.PushOrder)
        {
            next.Add(tables[(int)type].With(
                upserts.Values.Where(r => r.Key.Type == type), removals.Where(k => k.Type == type).Select(k => k.Name)));
        }

        var result = next.MoveToImmutable();
        foreach (var resource in upserts.Values)
        {
            CheckReferences(resource, result);
        }

        return result;
    }

    private static EncodedResource Reuse(EncodedResource? old, EncodedResource fresh)
    {
        if (old is null || old.Version != fresh.Version)
        {
            return fresh;
        }

        return old.Origins == fresh.Origins && old.OnDemand == fresh.OnDemand && old.References == fresh.References
            ? old
            : new EncodedResource
            {
                Key = old.Key,
                Version = old.Version,
                Wire = old.Wire,
                Bare = old.Bare,
                Hash = old.Hash,
                Ttl = old.Ttl,
                Message = old.Message,
                Origins = fresh.Origins,
                OnDemand = fresh.OnDemand,
                OtherNames = old.OtherNames,
                References = fresh.References,
            };
    }

    private static string? NameProblem(ResourceKey key)
    {
        if (!XdstpName.IsMeant(key.Name))
        {
            return null;
        }

        if (!XdstpName.TryParse(key.Name, out var name, out var problem))
        {
            return $"The name {key.Name} is no resource name: {problem}.";
        }

        return name switch
        {
            { IsCollection: true } => $"The name {key.Name} is that of a collection; a resource's own path ends in a name and not in *.",
            _ when name.ResourceType != key.Type.Name() => $"The name {key.Name} is that of a {name.ResourceType}; right is {key.Type.Name()}.",
            _ => null,
        };
    }

    private EncodedResource? Old(ResourceKey key) => tables[(int)key.Type].Find(key.Name);

    /// <summary>What was refused and never had a good version is missing for a known reason. Extensions are the node's own part.</summary>
    private void CheckReferences(EncodedResource resource, ImmutableArray<ResourceTable> next)
    {
        foreach (var reference in resource.References)
        {
            if (reference.Type != ResourceType.Extension
                && next[(int)reference.Type].Find(reference.Name) is null
                && !refused.ContainsKey(reference))
            {
                throw new SnapshotInconsistentException(resource.Key, reference);
            }
        }
    }
}
