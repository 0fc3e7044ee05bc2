// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Service.Runtime.V3;
using Google.Protobuf;
using Mesh.Model;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Translation;

namespace Mesh.Fuzz;

/// <summary>A few resources of every type that come, change and go as single bytes say.</summary>
internal sealed class FuzzMesh
{
    public static readonly ImmutableArray<string> Names = ["a", "b", "c", "xdstp://mesh/t/*"];

    private ImmutableArray<ResourceTable> tables = [.. ResourceTypes.PushOrder.Select(static _ => ResourceTable.Empty)];
    private long revision;

    public NodeSnapshot Publish(ReadOnlySpan<byte> changes)
    {
        foreach (var change in changes)
        {
            // Type, name and content of one resource: 3 + 2 + 3 bits.
            var key = new ResourceKey((ResourceType)(change & 7), Names[(change >> 3) & 3]);
            var content = change >> 5;
            var table = tables[(int)key.Type];
            tables = tables.SetItem((int)key.Type, content == 0 ? table.With([], [key.Name]) : table.With([Encode(key, content)], []));
        }

        return new NodeSnapshot { Node = new NodeName("n"), Revision = new Revision(++revision), Tables = tables };
    }

    private static EncodedResource Encode(ResourceKey key, int content) => ResourceEncoder.Encode(new XdsResource
    {
        Key = key,
        Message = Message(key, content.ToString(CultureInfo.InvariantCulture)),
        Origins = Origins.Of(new ResourceRef("Fuzz", "test", key.Name, content)),
        OnDemand = content == 7,
        References = key.Type == ResourceType.Cluster ? [new ResourceKey(ResourceType.Endpoint, key.Name)] : [],
    });

    private static IMessage Message(ResourceKey key, string content) => key.Type switch
    {
        ResourceType.Runtime => new Runtime { Name = key.Name + content },
        ResourceType.Secret => new Secret { Name = key.Name, GenericSecret = new GenericSecret { Secret = new DataSource { InlineString = content } } },
        ResourceType.Cluster => new Cluster { Name = key.Name, AltStatName = content },
        ResourceType.Endpoint => new ClusterLoadAssignment
        {
            ClusterName = key.Name,
            Endpoints = { new LocalityLbEndpoints { Locality = new Locality { Zone = content } } },
        },
        ResourceType.Extension => new TypedExtensionConfig { Name = key.Name, TypedConfig = new() { TypeUrl = content } },
        ResourceType.Route => new RouteConfiguration { Name = key.Name, InternalOnlyHeaders = { content } },
        ResourceType.ScopedRoute => new ScopedRouteConfiguration { Name = key.Name, RouteConfigurationName = content },
        ResourceType.Listener => new Listener { Name = key.Name, StatPrefix = content },
        ResourceType.VirtualHost => new VirtualHost { Name = key.Name, Domains = { content } },
    };
}
