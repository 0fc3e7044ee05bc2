// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Kubernetes;

namespace Mesh.Tests.Kubernetes;

internal sealed class PolicyBodyTests
{
    [Test]
    public void Status_has_its_conditions_with_generation_counts_and_texts()
    {
        var status = PolicyBody.Of(Documents.Policy(generation: 4), existing: null, Documents.Noon);

        Assert.That(status["conditions"]!.AsArray().Select(condition => (string?)condition!["type"]), Is.EqualTo(["Accepted", "Programmed", "Ready", "ResolvedRefs"]));
        Assert.That(status["conditions"]!.AsArray().Select(condition => (long)condition!["observedGeneration"]!), Is.All.EqualTo(4));
        Assert.That((long)status["observedGeneration"]!, Is.EqualTo(4));
        Assert.That(status["proxies"]!.ToJsonString(), Is.EqualTo("""{"desired":2,"applied":2,"rejected":0}"""));
        Assert.That(status["summary"]!.ToJsonString(), Is.EqualTo("""{"proxies":"2/2","target":"Service/cart"}"""));
        Assert.That((string?)Documents.Of(status, "Programmed")["lastTransitionTime"], Is.EqualTo("2026-11-26T12:00:00Z"));
    }

    [Test]
    public void Condition_of_unchanged_status_keeps_the_time_that_the_cluster_has()
    {
        var before = PolicyBody.Of(Documents.Policy(ConditionStatus.False, reason: "RejectedByProxy"), existing: null, Documents.Noon);

        var after = PolicyBody.Of(Documents.Policy(at: Documents.Noon.AddHours(1), generation: 2), before, Documents.Noon.AddHours(1));

        Assert.That((string?)Documents.Of(after, "Accepted")["lastTransitionTime"], Is.EqualTo("2026-11-26T12:00:00Z"));
        Assert.That((string?)Documents.Of(after, "Programmed")["lastTransitionTime"], Is.EqualTo("2026-11-26T13:00:00Z"));
        Assert.That((string?)Documents.Of(after, "Ready")["lastTransitionTime"], Is.EqualTo("2026-11-26T13:00:00Z"));
    }

    [Test]
    public void Status_of_a_restarted_operator_is_equal_to_what_the_cluster_has_whatever_the_order()
    {
        var written = PolicyBody.Of(Documents.Policy(), existing: null, Documents.Noon);
        var cluster = new JsonObject
        {
            ["summary"] = written["summary"]!.DeepClone(),
            ["conditions"] = new JsonArray([.. written["conditions"]!.AsArray().Reverse().Select(condition => condition!.DeepClone()), Foreign()]),
            ["proxies"] = written["proxies"]!.DeepClone(),
            ["observedGeneration"] = 1,
        };

        var known = PolicyBody.Own(cluster);
        var next = PolicyBody.Of(Documents.Policy(at: Documents.Noon.AddDays(1)), known, Documents.Noon.AddDays(1));

        Assert.That(JsonNode.DeepEquals(known, next), Is.True, $"{known}\n{next}");
    }

    [Test]
    public void Stalled_that_is_over_is_a_difference()
    {
        var stalled = PolicyBody.Of(Documents.Policy(ConditionStatus.False, reason: "RejectedByProxy"), existing: null, Documents.Noon);

        var next = PolicyBody.Of(Documents.Policy(), stalled, Documents.Noon);

        Assert.That((string?)Documents.Of(stalled, "Stalled")["status"], Is.EqualTo("True"));
        Assert.That(next["conditions"]!.AsArray().Select(condition => (string?)condition!["type"]), Has.No.Member("Stalled"));
        Assert.That(JsonNode.DeepEquals(PolicyBody.Own(stalled), next), Is.False);
    }

    private static JsonObject Foreign() => new() { ["type"] = "example.com/Checked", ["status"] = "True" };
}
