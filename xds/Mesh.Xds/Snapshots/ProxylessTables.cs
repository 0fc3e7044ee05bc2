// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Xds.Naming;
using Mesh.Xds.Translation;
using Mesh.Xds.Translation.Proxyless;

namespace Mesh.Xds.Snapshots;

/// <summary>
/// The mesh as gRPC clients of one namespace see it, at one model. As with <see cref="SnapshotBuilder"/> the cost follows what changed.
/// </summary>
/// <param name="Model">What it was made of.</param>
/// <param name="Tables">A table for every <see cref="ResourceType"/>, indexed by it.</param>
/// <param name="Refused">Resources that break Envoy's own rules; the last good version, if any, is in the tables.</param>
internal sealed record ProxylessTables(MeshModel Model, ImmutableArray<ResourceTable> Tables, EquatableArray<RefusedResource> Refused)
{
    /// <summary>For clients of every namespace that has no consumer routes.</summary>
    public static ProxylessTables Build(MeshModel model, ProxylessTables? previous)
    {
        var older = previous?.Model ?? MeshModel.Empty;
        var difference = ModelDifference.Between(older, model);
        var change = new TableChange(previous?.Tables ?? TableChange.NoTables, previous?.Refused ?? []);
        foreach (var resource in previous is null ? ProxylessResources.Constant() : [])
        {
            change.Put(resource);
        }

        Put(change, difference.Services.Select(model.Services.GetValueOrDefault).OfType<MeshService>().SelectMany(ProxylessResources.Build));
        Remove(change, difference.Services.Select(older.Services.GetValueOrDefault).OfType<MeshService>().SelectMany(ProxylessResources.Keys));
        foreach (var port in difference.Endpoints)
        {
            if (model.Endpoints.TryGetValue(port, out var endpoints))
            {
                change.Put(CallAssignments.Build(endpoints));
            }
            else
            {
                change.Remove(AssignmentName.Of(port).Key);
            }
        }

        return new ProxylessTables(model, change.Apply(), change.Refused.ToEquatableArray());
    }

    /// <summary>The same with the routes that clients of <paramref name="clientNamespace"/> get.</summary>
    /// <param name="common">What all clients share, of the model that is wanted.</param>
    /// <param name="clientNamespace">The namespace.</param>
    /// <param name="previous">What this gave before, for that namespace.</param>
    public static ProxylessTables WithRoutesOf(ProxylessTables common, string clientNamespace, ProxylessTables? previous)
    {
        var older = previous?.Model ?? MeshModel.Empty;
        var difference = ModelDifference.Between(older, common.Model).Services;
        var routes = previous?.Tables[(int)ResourceType.Route] ?? ResourceTable.Empty;
        var change = new TableChange(TableChange.NoTables.SetItem((int)ResourceType.Route, routes), previous?.Refused ?? []);
        Put(change, difference.Select(common.Model.Services.GetValueOrDefault).OfType<MeshService>()
            .SelectMany(service => ProxylessResources.Routes(service, clientNamespace)));
        Remove(change, difference.Select(older.Services.GetValueOrDefault).OfType<MeshService>().SelectMany(ProxylessResources.RouteKeys));
        return new ProxylessTables(
            common.Model,
            common.Tables.SetItem((int)ResourceType.Route, change.Apply()[(int)ResourceType.Route]),
            change.Refused.ToEquatableArray());
    }

    private static void Put(TableChange change, IEnumerable<XdsResource> resources)
    {
        foreach (var resource in resources)
        {
            change.Put(resource);
        }
    }

    /// <summary>After what is put: what is there again is not removed.</summary>
    private static void Remove(TableChange change, IEnumerable<ResourceKey> keys)
    {
        foreach (var key in keys)
        {
            change.Remove(key);
        }
    }
}
