// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf.WellKnownTypes;
using Mesh.Model;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Translation;

namespace Mesh.Tests.Snapshots;

internal sealed class ResourceEncoderTests
{
    private static readonly string[] Keys = ["b", "a", "Z", "aa", "é"];

    [Test]
    public void Encode_maps_filled_in_any_order_equal_bytes()
    {
        var one = ResourceEncoder.Encode(Named(WithMaps(Keys)));
        var other = ResourceEncoder.Encode(Named(WithMaps([.. Keys.Reverse()])));

        Assert.That(other.Wire.ToArray(), Is.EqualTo(one.Wire.ToArray()));
        Assert.That(other.Version, Is.EqualTo(one.Version));
    }

    [Test]
    public void Encode_any_message_puts_keys_in_ordinal_order_at_every_depth()
    {
        var cluster = WithMaps(Keys);

        ResourceEncoder.Encode(Named(cluster));

        string[] expected = ["Z", "a", "aa", "b", "é"];
        Assert.That(cluster.TypedExtensionProtocolOptions.Keys, Is.EqualTo(expected));
        Assert.That(cluster.Metadata.FilterMetadata["a"].Fields["inner"].StructValue.Fields.Keys, Is.EqualTo(expected));
    }

    [Test]
    public void Encode_changed_content_another_version()
    {
        var one = ResourceEncoder.Encode(Named(new Cluster { Name = "c" }));
        var other = ResourceEncoder.Encode(Named(new Cluster { Name = "c", AltStatName = "x" }));

        Assert.That(other.Version, Is.Not.EqualTo(one.Version));
        Assert.That(one.Version, Does.Match("^[0-9a-f]{32}$"));
    }

    [Test]
    public void Encode_other_origins_same_version()
    {
        var one = ResourceEncoder.Encode(Named(new Cluster { Name = "c" }));
        var other = ResourceEncoder.Encode(Named(new Cluster { Name = "c" }) with { Origins = Origins.Of(new ResourceRef("TrafficPolicy", "n", "p", 2)) });

        Assert.That(other.Version, Is.EqualTo(one.Version));
    }

    [Test]
    public void Encode_wire_is_the_discovery_resource()
    {
        var cluster = new Cluster { Name = "c", AltStatName = "x" };

        var encoded = ResourceEncoder.Encode(Named(cluster));

        Assert.That(Resource.Parser.ParseFrom(encoded.Wire.Span), Is.EqualTo(new Resource
        {
            Name = "c",
            Version = encoded.Version,
            Resource_ = Any.Pack(cluster),
        }));
    }

    [Test]
    public void Pack_maps_filled_in_any_order_equal_any()
    {
        var one = ResourceEncoder.Pack(WithMaps(Keys));
        var other = ResourceEncoder.Pack(WithMaps([.. Keys.Reverse()]));

        Assert.That(other, Is.EqualTo(one));
        Assert.That(one.Unpack<Cluster>(), Is.EqualTo(WithMaps(Keys)));
    }

    private static XdsResource Named(Cluster cluster) => new()
    {
        Key = new ResourceKey(ResourceType.Cluster, "c"),
        Message = cluster,
        Origins = Origins.None,
        OnDemand = false,
        References = [],
    };

    private static Cluster WithMaps(string[] keys)
    {
        var cluster = new Cluster { Name = "c", Metadata = new Metadata() };
        foreach (var key in keys)
        {
            cluster.TypedExtensionProtocolOptions.Add(key, new Any { TypeUrl = key });
            var inner = new Struct();
            foreach (var innerKey in keys)
            {
                inner.Fields.Add(innerKey, Value.ForString(innerKey));
            }

            cluster.Metadata.FilterMetadata.Add(key, new Struct { Fields = { ["inner"] = Value.ForStruct(inner) } });
        }

        return cluster;
    }
}
