// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Status;

namespace Mesh.Tests.Kubernetes;

internal sealed class EventRulesTests
{
    private static readonly HashSet<string> Nothing = [];

    [Test]
    public void Good_news_from_the_start_are_no_news()
    {
        Assert.That(EventRules.Of(known: null, Policy(ConditionStatus.True), Nothing), Is.Empty);
        Assert.That(EventRules.Of(Policy(ConditionStatus.True), Policy(ConditionStatus.Unknown), Nothing), Is.Empty);
    }

    [Test]
    public void Condition_that_turns_false_is_a_warning_with_its_reason()
    {
        var events = EventRules.Of(Policy(ConditionStatus.True), Policy(ConditionStatus.False, "RejectedByProxy"), Nothing);

        Assert.That(events, Is.EqualTo([new StatusEvent("Programmed", IsWarning: true, "RejectedByProxy", "Programmed is False.")]));
    }

    [Test]
    public void Condition_that_stays_false_is_told_again_only_for_another_reason()
    {
        var known = Policy(ConditionStatus.False, "RejectedByProxy");

        Assert.That(EventRules.Of(known, Policy(ConditionStatus.False, "RejectedByProxy"), Nothing), Is.Empty);
        Assert.That(EventRules.Of(known, Policy(ConditionStatus.False, "Overridden"), Nothing).Select(told => told.Reason), Is.EqualTo(["Overridden"]));
    }

    [Test]
    public void Condition_that_is_true_again_is_told_though_it_was_in_doubt_in_between()
    {
        var events = EventRules.Of(Policy(ConditionStatus.Unknown), Policy(ConditionStatus.True), new HashSet<string>(StringComparer.Ordinal) { "Programmed" });

        Assert.That(events, Is.EqualTo([new StatusEvent("Programmed", IsWarning: false, "Programmed", "Programmed is True.")]));
    }

    [Test]
    public void Refused_object_is_told_of_once()
    {
        var refused = new JsonObject
        {
            ["conditions"] = new JsonArray(Condition("Accepted", "Invalid"), Condition("Programmed", "Invalid")),
        };

        Assert.That(EventRules.Of(known: null, refused, Nothing).Select(told => told.Condition), Is.EqualTo(["Accepted"]));
        Assert.That(EventRules.False(refused), Is.EqualTo(["Accepted", "Programmed"]));
    }

    [Test]
    public void Route_is_as_bad_as_the_worst_of_its_parents()
    {
        var route = new JsonObject
        {
            ["parents"] = new JsonArray(
                new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Accepted", ["status"] = "True", ["reason"] = "Accepted" }) },
                new JsonObject { ["conditions"] = new JsonArray(Condition("Accepted", "NoMatchingParent")) }),
        };

        Assert.That(EventRules.Of(known: null, route, Nothing).Select(told => told.Reason), Is.EqualTo(["NoMatchingParent"]));
    }

    private static JsonObject Condition(string type, string reason) => new() { ["type"] = type, ["status"] = "False", ["reason"] = reason, ["message"] = "m" };

    private static JsonObject Policy(ConditionStatus programmed, string? reason = null) =>
        PolicyBody.Of(Documents.Policy(programmed, reason: reason), existing: null, Documents.Noon);
}
