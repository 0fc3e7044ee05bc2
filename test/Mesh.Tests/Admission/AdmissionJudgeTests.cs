// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Operator.Admission;
using Mesh.Testing.Policies;

namespace Mesh.Tests.Admission;

internal sealed class AdmissionJudgeTests
{
    private const string Target = "\"targetRefs\":[{\"kind\":\"Service\",\"name\":\"cart\"}]";

    private static IEnumerable<InvalidObject> ByWebhook => InvalidObjects.All.Where(invalid => invalid.IsByWebhook);

    private static IEnumerable<PolicyCase> Valid => PolicyCases.All.Where(policy => policy.Path is null);

    [TestCaseSource(nameof(ByWebhook))]
    public void Object_that_the_crd_lets_through_is_refused_with_its_field_and_what_would_be_right(InvalidObject invalid)
    {
        var verdict = AdmissionJudge.JudgeAlone(Reviews.Create(invalid.Document));

        Assert.That(verdict.Answer.Refusals.Select(refusal => refusal.Path), Is.EqualTo(new[] { invalid.Path }));
        Assert.That(verdict.Answer.Refusals[0].Message, Does.Contain(invalid.Words));
        Assert.That(verdict.Change, Is.Null);
    }

    [TestCaseSource(nameof(Valid))]
    public void Valid_policy_is_taken(PolicyCase policy)
    {
        var verdict = AdmissionJudge.JudgeAlone(Reviews.Create(policy.Document()));

        Assert.That(verdict.Answer.Refusals, Is.Empty);
        Assert.That(verdict.Answer.Warnings, Is.Empty);
        Assert.That(verdict.Change, Is.Not.Null);
    }

    [Test]
    public void Every_case_of_the_table_is_refused_for_one_thing_of_its_own()
    {
        Assert.That(InvalidObjects.All, Has.Count.AtLeast(60));
        Assert.That(InvalidObjects.All.Select(invalid => invalid.Name), Is.Unique);
    }

    /// <summary>An older CRD in the cluster lets more through; the words are those of file mode.</summary>
    [Test]
    public void Object_that_breaks_the_schema_is_refused()
    {
        var verdict = AdmissionJudge.JudgeAlone(Reviews.Create(Policy("{" + Target + ""","retries":{"attempts":11}}""")));

        Assert.That(verdict.Answer.Refusals, Is.EqualTo(new[] { new Refusal("spec.retries.attempts", "must be from 0 to 10, is 11") }));
    }

    [Test]
    public void Missing_target_is_no_reason_to_refuse()
    {
        var verdict = AdmissionJudge.JudgeAlone(Reviews.Create(Policy("{" + Target + ""","rules":[{"backendRefs":[{"name":"nobody","port":80}]}]}""")));

        Assert.That(verdict.Answer.Refusals, Is.Empty);
    }

    /// <summary>Its labels and finalizers must be changeable, or it could never be deleted.</summary>
    [Test]
    public void Invalid_object_may_change_everything_but_its_spec()
    {
        var stored = ByWebhook.First().Document;
        var labelled = Copy(stored);
        labelled["metadata"]!["labels"] = new JsonObject { ["a"] = "b" };

        var verdict = AdmissionJudge.JudgeAlone(Reviews.Update(stored, labelled));

        Assert.That(verdict.Answer.Refusals, Is.Empty);
        Assert.That(verdict.Answer.Warnings, Has.Length.EqualTo(1).And.Some.StartsWith(ByWebhook.First().Path));
    }

    [Test]
    public void Invalid_object_is_not_held_up_while_it_is_deleted()
    {
        var stored = ByWebhook.First().Document;
        var deleted = Copy(ByWebhook.Last().Document);
        deleted["metadata"]!["deletionTimestamp"] = "2026-01-31T12:00:00Z";

        var verdict = AdmissionJudge.JudgeAlone(Reviews.Update(stored, deleted));

        Assert.That(verdict.Answer.Refusals, Is.Empty);
    }

    [Test]
    public void Change_to_an_invalid_spec_is_refused()
    {
        var stored = Policy("{" + Target + ""","retries":{}}""");

        var verdict = AdmissionJudge.JudgeAlone(Reviews.Update(stored, Copy(ByWebhook.First().Document)));

        Assert.That(verdict.Answer.Refusals, Is.Not.Empty);
    }

    [Test]
    public void Deletion_is_never_judged()
    {
        var verdict = AdmissionJudge.JudgeAlone(Reviews.Of("DELETE", proposed: null, ByWebhook.First().Document));

        Assert.That(verdict, Is.EqualTo(FirstVerdict.Silent));
    }

    [Test]
    public void Route_of_a_service_is_warned_of_what_the_mesh_cannot_do_and_never_refused()
    {
        var route = Route("Service", """{"retry":{"attempts":3}}""");

        var verdict = AdmissionJudge.JudgeAlone(Reviews.Create(route));

        Assert.That(verdict.Answer.Refusals, Is.Empty);
        Assert.That(verdict.Answer.Warnings, Is.EqualTo(new[]
        {
            "spec.rules[0].retry: not supported by this mesh: set spec.retries in a TrafficPolicy that targets the route",
        }));
    }

    [Test]
    public void Route_of_a_gateway_is_nothing_of_ours()
    {
        var verdict = AdmissionJudge.JudgeAlone(Reviews.Create(Route("Gateway", """{"retry":{"attempts":3}}""")));

        Assert.That(verdict, Is.EqualTo(FirstVerdict.Silent));
    }

    [Test]
    public void Metadata_is_left_to_the_API_server()
    {
        var policy = Policy("{" + Target + ""","retries":{}}""");
        policy["metadata"] = new JsonObject
        {
            ["name"] = "tried",
            ["namespace"] = "default",
            ["labels"] = new JsonArray(1),
            ["somethingNew"] = true,
            ["generation"] = 3,
        };

        Assert.That(AdmissionJudge.JudgeAlone(Reviews.Create(policy)).Answer.Refusals, Is.Empty);
    }

    private static JsonObject Policy(string spec) => new PolicyCase("", spec, Path: null, Message: "").Document();

    private static JsonObject Copy(JsonObject document) => (JsonObject)document.DeepClone();

    private static JsonObject Route(string parent, string rule) => (JsonObject)JsonNode.Parse($$$"""
        {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"r","namespace":"shop"},
         "spec":{"parentRefs":[{"group":"{{{(parent == "Service" ? "" : "gateway.networking.k8s.io")}}}","kind":"{{{parent}}}","name":"cart","port":80}],"rules":[{{{rule}}}]}}
        """)!;
}
