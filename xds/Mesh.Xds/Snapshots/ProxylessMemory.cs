// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;

namespace Mesh.Xds.Snapshots;

/// <summary>
/// The newest tables of clients that need no proxy, shared by all of them. They are made when the first such client comes, and from then
/// on when one asks for a newer model: a mesh without such clients pays nothing for them. What is given out does not depend on what is
/// remembered, but for the last good version of what breaks Envoy's rules.
/// </summary>
internal sealed class ProxylessMemory
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ProxylessTables> ofNamespaces = new(StringComparer.Ordinal);
    private ProxylessTables? common;
    private ImmutableDictionary<ServiceName, MeshService>? searched;
    private HashSet<string> consumers = [];

    public ImmutableArray<ResourceTable> Tables(MeshModel model, string clientNamespace)
    {
        lock (gate)
        {
            common = ReferenceEquals(common?.Model, model) ? common : ProxylessTables.Build(model, common);
            if (!HasConsumerRoutes(model, clientNamespace))
            {
                ofNamespaces.Remove(clientNamespace);
                return common.Tables;
            }

            var known = ofNamespaces.GetValueOrDefault(clientNamespace);
            return (ofNamespaces[clientNamespace] = ReferenceEquals(known?.Model, model)
                ? known
                : ProxylessTables.WithRoutesOf(common, clientNamespace, known)).Tables;
        }
    }

    private bool HasConsumerRoutes(MeshModel model, string clientNamespace)
    {
        if (!ReferenceEquals(searched, model.Services))
        {
            searched = model.Services;
            consumers = searched.Values
                .SelectMany(service => service.Ports)
                .SelectMany(port => port.Routes.Consumers)
                .Select(consumer => consumer.ClientNamespace)
                .ToHashSet(StringComparer.Ordinal);
        }

        return consumers.Contains(clientNamespace);
    }
}
