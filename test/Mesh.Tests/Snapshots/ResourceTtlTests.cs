// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Mesh.Model;
using Mesh.Xds;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Translation;

namespace Mesh.Tests.Snapshots;

internal sealed class ResourceTtlTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Test]
    public void Encode_ttl_is_part_of_the_version()
    {
        var versions = new[] { Encoded("c", null), Encoded("c", Minute), Encoded("c", 2 * Minute) }.Select(static resource => resource.Version);

        Assert.That(versions, Is.Unique);
        Assert.That(Encoded("c", null).Ttl, Is.Null);
    }

    [Test]
    public void Table_knows_what_expires_through_changes()
    {
        var one = ResourceTable.Empty.With([Encoded("a", null), Encoded("c", Minute), Encoded("b", Minute)], []);
        var other = one.With([Encoded("d", null), Encoded("e", null)], ["a"]);
        var dropped = other.With([Encoded("b", null)], []);

        Assert.That(one.Expiring.Select(static resource => resource.Key.Name), Is.EqualTo(new[] { "b", "c" }));
        Assert.That(other.Expiring, Is.EqualTo(one.Expiring), "what has no TTL costs no look at the others");
        Assert.That(dropped.Expiring.Select(static resource => resource.Key.Name), Is.EqualTo(new[] { "c" }));
        Assert.That(dropped.With([], ["c"]).Expiring, Is.Empty);
    }

    [TestCase(999, "is 0.999 s, must be from 1 s to 365 days")]
    [TestCase(-1000, "is -1 s, must be from 1 s to 365 days")]
    [TestCase(366.0 * 24 * 3600 * 1000, "must be from 1 s to 365 days")]
    public void Change_ttl_out_of_range_withholds_the_resource_and_says_why(double milliseconds, string expected)
    {
        var change = new TableChange(TableChange.NoTables, []);

        change.Put(Named("c", TimeSpan.FromMilliseconds(milliseconds)));

        Assert.That(change.Refused.Single().Message, Does.Contain(expected));
        Assert.That(change.Apply()[(int)ResourceType.Cluster].Resources, Is.Empty);
    }

    [Test]
    public void Change_new_origins_keep_the_ttl()
    {
        var change = new TableChange(TableChange.NoTables, []);
        change.Put(Named("c", Minute));
        var again = new TableChange(change.Apply(), []);

        again.Put(Named("c", Minute) with { Origins = Origins.Of(new ResourceRef("Raw", "test", "c", 1)) });

        var table = again.Apply()[(int)ResourceType.Cluster];
        Assert.That(table.Find("c")?.Ttl?.Time, Is.EqualTo(Minute));
        Assert.That(table.Expiring, Is.EqualTo(new[] { table.Find("c") }));
    }

    private static EncodedResource Encoded(string name, TimeSpan? ttl) => ResourceEncoder.Encode(Named(name, ttl));

    private static XdsResource Named(string name, TimeSpan? ttl) => new()
    {
        Key = new ResourceKey(ResourceType.Cluster, name),
        Message = new Cluster { Name = name },
        Origins = Origins.None,
        OnDemand = false,
        References = [],
        Ttl = ttl,
    };
}
