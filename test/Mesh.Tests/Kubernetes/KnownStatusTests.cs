// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Kubernetes;

namespace Mesh.Tests.Kubernetes;

internal sealed class KnownStatusTests
{
    private static readonly DateTimeOffset Noon = new(Documents.Noon);

    private static readonly JsonObject Ours = PolicyBody.Of(Documents.Policy(), existing: null, Documents.Noon);
    private static readonly JsonObject Theirs = PolicyBody.Of(Documents.Policy(ConditionStatus.False), existing: null, Documents.Noon);

    [Test]
    public void Own_write_that_a_watch_tells_of_is_no_news()
    {
        var known = Found(null).Wrote(Ours, Found(Ours), Noon, restored: 0);

        Assert.That(known.Saw(Found(Ours)), Is.EqualTo(known));
    }

    [Test]
    public void Words_of_somebody_else_are_read_before_anything_is_made_of_them()
    {
        var doubted = Found(null).Wrote(Ours, Found(Ours), Noon, restored: 0).Saw(Found(Theirs));
        var read = doubted.Read(Found(Theirs));

        Assert.That(doubted.IsDoubted, Is.True);
        Assert.That((read.IsDoubted, read.Has(Ours), read.HasLost(Ours), read.Written), Is.EqualTo((false, false, true, Noon)));
        Assert.That(read.Base, Is.SameAs(Ours), "times of conditions are kept from it");
    }

    [Test]
    public void Late_word_of_a_watch_is_forgotten_once_the_object_was_read()
    {
        var known = Found(null).Wrote(Ours, Found(Ours), Noon, restored: 2);

        var read = known.Saw(Found(Theirs)).Read(Found(Ours));

        Assert.That(read, Is.EqualTo(known));
    }

    [Test]
    public void Newer_word_of_a_watch_takes_the_doubt_away()
    {
        var known = Found(null).Wrote(Ours, Found(Ours), Noon, restored: 0);

        Assert.That(known.Saw(Found(Theirs)).Saw(Found(Ours)), Is.EqualTo(known));
    }

    [Test]
    public void What_an_older_definition_prunes_is_not_written_over_by_anybody()
    {
        var pruned = (JsonObject)Ours.DeepClone();
        pruned.Remove("summary");
        var known = Found(null).Wrote(Ours, Found(pruned), Noon, restored: 0);

        Assert.That(known.Saw(Found(pruned)).IsDoubted, Is.False);
        Assert.That(known.Has(Ours), Is.True, "and it is not written again and again");
        Assert.That(known.Saw(Found(Theirs)).IsDoubted, Is.True);
    }

    [Test]
    public void Restored_by_somebody_else_is_restored()
    {
        var lost = Found(null).Wrote(Ours, Found(Ours), Noon, restored: 0).Read(Found(Theirs));

        var read = lost.Saw(Found(Ours)).Read(Found(Ours));

        Assert.That((read.Lost, read.Has(Ours)), Is.EqualTo(((JsonObject?)null, true)));
    }

    [Test]
    public void Own_write_that_was_not_answered_and_arrived_is_ours()
    {
        var known = Found(null).Wrote(Theirs, Found(Theirs), Noon, restored: 1) with { Sent = Ours };

        var read = known.Saw(Found(Ours)).Read(Found(Ours));

        Assert.That((read.Lost, read.Sent, read.Has(Ours), read.IsDoubted), Is.EqualTo(((JsonObject?)null, (JsonObject?)null, true, false)));
        Assert.That((read.Written, read.Restored), Is.EqualTo((Noon, 1)));
    }

    [Test]
    public void Own_write_that_was_not_answered_is_awaited_also_after_the_object_was_read()
    {
        var known = Found(null) with { Sent = Ours };

        Assert.That(known.Read(Found(null)).Read(Found(Ours)).Lost, Is.Null);
        Assert.That(known.Read(Found(Theirs)).Sent, Is.SameAs(Ours));
        Assert.That(known.Wrote(Theirs, Found(Theirs), Noon, restored: 0).Read(Found(Ours)).HasLost(Theirs), Is.True, "unless something newer was written");
    }

    [Test]
    public void What_stood_before_is_not_missed_once_there_was_nothing_to_write()
    {
        var lost = Found(null).Wrote(Theirs, Found(Theirs), Noon, restored: 1).Read(Found(Ours));

        var rest = lost.AtRest();

        Assert.That((lost.HasLost(Theirs), rest.HasLost(Theirs), rest.Has(Ours)), Is.EqualTo((true, false, true)));
        Assert.That(rest.Base, Is.SameAs(rest.Status));
        Assert.That(rest.AtRest(), Is.SameAs(rest));
    }

    [Test]
    public void Another_object_of_the_name_has_lost_nothing()
    {
        var known = Found(null).Wrote(Ours, Found(Ours), Noon, restored: 3);
        var other = Found(null) with { Uid = "other" };

        Assert.That(known.Saw(other).IsDoubted, Is.True);
        Assert.That(known.Read(other), Is.EqualTo(other));
    }

    [Test]
    public void Route_without_a_status_and_one_without_our_entries_are_the_same()
    {
        var none = new JsonObject { ["parents"] = new JsonArray() };

        Assert.That(Found(null).Saw(Found(none)).IsDoubted, Is.False);
        Assert.That(Found(none).Saw(Found(null)).IsDoubted, Is.False);
    }

    private static KnownStatus Found(JsonObject? status) => new("u", 1, (JsonObject?)status?.DeepClone(), Written: null);
}
