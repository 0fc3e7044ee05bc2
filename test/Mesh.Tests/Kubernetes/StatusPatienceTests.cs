// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Kubernetes;

namespace Mesh.Tests.Kubernetes;

internal sealed class StatusPatienceTests
{
    private static readonly StatusWriteOptions Options = new();
    private static readonly DateTimeOffset Term = new(Documents.Noon);
    private static readonly DateTimeOffset Since = Term.AddMinutes(10);

    [Test]
    public void Verdict_is_told_at_once()
    {
        Assert.That(Due(known: null, Policy()), Is.EqualTo(Since));
        Assert.That(Due(Policy(), Policy(ConditionStatus.False, reason: "RejectedByProxy")), Is.EqualTo(Since));
        Assert.That(Due(Policy(), Policy(generation: 2)), Is.EqualTo(Since));
    }

    [Test]
    public void New_generation_that_is_under_way_waits_for_a_moment()
    {
        Assert.That(Due(Policy(), Policy(ConditionStatus.Unknown, generation: 2)), Is.EqualTo(Since + Options.Underway));
        Assert.That(Due(known: null, Policy(ConditionStatus.Unknown)), Is.EqualTo(Since + Options.Underway));
    }

    [Test]
    public void What_was_in_force_may_be_in_doubt_for_a_while()
    {
        Assert.That(Due(Policy(), Policy(ConditionStatus.Unknown)), Is.EqualTo(Since + Options.Doubt));
    }

    [Test]
    public void Proxies_have_time_to_come_back_to_a_new_leader()
    {
        var due = StatusPatience.Due(Policy(), Policy(ConditionStatus.Unknown, reason: "NoProxies"), new StatusTimes(Term, Term, Written: null), Options);

        Assert.That(due, Is.EqualTo(Term + Options.Return));
    }

    [Test]
    public void Counts_alone_are_written_now_and_then()
    {
        var more = Policy();
        more["summary"]!["proxies"] = "3/3";

        Assert.That(StatusPatience.Due(Policy(), more, new StatusTimes(Term, Since, Since.AddSeconds(-1)), Options), Is.EqualTo(Since.AddSeconds(-1) + Options.Details));
        Assert.That(StatusPatience.Due(Policy(), more, new StatusTimes(Term, Since, Written: null), Options), Is.LessThan(Since));
    }

    [Test]
    public void Fewer_proxies_may_be_on_their_way_to_another_replica()
    {
        var fewer = Policy();
        fewer["proxies"]!["desired"] = 1;
        fewer["summary"]!["proxies"] = "1/1";

        var due = StatusPatience.Due(Policy(), fewer, new StatusTimes(Term, Since, Since.AddSeconds(-1)), Options);

        Assert.That(due, Is.EqualTo(Since + Options.Away));
    }

    [Test]
    public void Words_of_the_leader_before_stand_until_its_proxies_had_time_to_come_and_use_what_they_have()
    {
        var unused = Policy();
        unused["conditions"]![1]!["message"] = "In force on 2/2 proxies. 1 of them has not used it yet and fetches it at first use.";

        Assert.That(StatusPatience.Due(Policy(), unused, new StatusTimes(Term, Term, Written: null), Options), Is.EqualTo(Term + Options.Return));
        Assert.That(
            StatusPatience.Due(Policy(), unused, new StatusTimes(Term, Since, Term), Options), Is.EqualTo(Term + Options.Details), "an object that this leader has written");
    }

    [Test]
    public void Parents_of_a_route_count_like_conditions()
    {
        var known = RouteBody.Of(Documents.Route(Documents.Cart), new JsonObject(), Documents.Noon);
        var more = RouteBody.Of(Documents.Route(Documents.Cart, Documents.Cart with { Port = 80 }), new JsonObject(), Documents.Noon);

        Assert.That(Due(known, more), Is.EqualTo(Since));
    }

    [Test]
    public void Configuration_of_a_node_moves_on_once_a_minute()
    {
        var known = MeshNodeBody.Of(Documents.Node("v1"), existing: null, 1, Options.Unanswered, Documents.Noon);
        var moved = MeshNodeBody.Of(Documents.Node("v2"), known, 1, Options.Unanswered, Documents.Noon);
        var times = new StatusTimes(Term, Since, Since.AddSeconds(-3));

        Assert.That(StatusPatience.DueOfNode(known, moved, times, Options), Is.EqualTo(Since.AddSeconds(-3) + Options.NodeProgress));
    }

    private static DateTimeOffset Due(JsonObject? known, JsonObject next) =>
        StatusPatience.Due(known, next, new StatusTimes(Term, Since, Written: null), Options);

    private static JsonObject Policy(ConditionStatus programmed = ConditionStatus.True, long generation = 1, string? reason = null) =>
        PolicyBody.Of(Documents.Policy(programmed, generation, reason: reason), existing: null, Documents.Noon);
}
