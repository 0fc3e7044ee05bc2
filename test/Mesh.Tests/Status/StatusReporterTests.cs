// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;
using Mesh.Xds;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;

namespace Mesh.Tests.Status;

public sealed class StatusReporterTests
{
    [Test]
    public void Policy_that_every_proxy_accepted_is_programmed()
    {
        var scene = new StatusScene()
            .WithProxy("n1", proxy => StatusScene.Accepting(proxy, 2))
            .WithProxy("n2", proxy => StatusScene.Accepting(proxy, 2));

        var status = scene.Report();

        Assert.That(status, Is.EqualTo(new ObjectStatus
        {
            Key = StatusScene.Policy,
            Generation = 2,
            Target = "Service/cart",
            Scopes =
            [
                new ScopeStatus(
                    null,
                    [
                        new ConditionState("Accepted", ConditionStatus.True, "Accepted", "Valid and in the mesh."),
                        new ConditionState("ResolvedRefs", ConditionStatus.True, "ResolvedRefs", "No reference to a backend is broken."),
                        new ConditionState("Programmed", ConditionStatus.True, "Programmed", "In force on 2/2 proxies."),
                    ]),
            ],
            Proxies = new ProxySummary(2, 2, 0),
        }));
    }

    [Test]
    public void Policy_whose_former_generation_is_live_is_pending()
    {
        var scene = new StatusScene()
            .WithProxy("n1", proxy => StatusScene.Accepting(proxy, 2))
            .WithProxy("n2", proxy => StatusScene.Accepting(proxy, 1));

        var programmed = scene.Condition(ConditionTypes.Programmed);

        Assert.That(programmed, Is.EqualTo(
            new ConditionState("Programmed", ConditionStatus.Unknown, "Pending", "In force on 1/2 proxies; waiting for n2.")));
    }

    [Test]
    public void Policy_that_a_proxy_refused_names_the_proxy_and_its_words()
    {
        var scene = new StatusScene()
            .WithProxy("n1", proxy => StatusScene.Accepting(proxy, 2))
            .WithProxy("n2", proxy => StatusScene.Refusing(StatusScene.Accepting(proxy, 1), "missing ): ((", StatusScene.Reference(2)));

        var programmed = scene.Condition(ConditionTypes.Programmed);

        Assert.That(programmed, Is.EqualTo(new ConditionState(
            "Programmed",
            ConditionStatus.False,
            "RejectedByProxy",
            "Refused by 1 of 2 proxies, in force on 1/2. n2: missing ): (( (Route r/shop/cart:8080). "
                + "Where it was refused, the version before keeps serving.")));
        Assert.That(scene.Report().Proxies, Is.EqualTo(new ProxySummary(2, 1, 1)));
    }

    [Test]
    public void Refusal_of_the_first_version_does_not_claim_that_one_before_serves()
    {
        var scene = new StatusScene().WithProxy("n1", proxy => StatusScene.Refusing(proxy, "no", StatusScene.Reference(2)));

        var programmed = scene.Condition(ConditionTypes.Programmed);

        Assert.That(programmed.Message, Does.EndWith("Where it was refused, there is no version before that could serve."));
    }

    [Test]
    public void Policy_that_is_not_the_culprit_of_a_refusal_stays_programmed()
    {
        var other = new ResourceRef("TrafficPolicy", "shop", "bad", 1);
        var scene = new StatusScene()
            .WithProxy("n1", proxy => StatusScene.Refusing(StatusScene.Accepting(proxy, 2), "no", other));

        var programmed = scene.Condition(ConditionTypes.Programmed);

        Assert.That(programmed.Status, Is.EqualTo(ConditionStatus.True));
    }

    [Test]
    public void Policy_made_anew_is_not_in_force_by_what_was_accepted_of_the_one_before()
    {
        // Both are at the same generation; the proxy has not answered yet to the end of the former.
        var former = Origins.Of(StatusScene.Reference(2) with { Uid = "former" });
        var scene = new StatusScene().WithProxy(
            "n1", proxy => proxy with { Accepted = proxy.Accepted.With(StatusScene.Route, new AcceptedResource("v1", former)) });

        var programmed = scene.Condition(ConditionTypes.Programmed);

        Assert.That(programmed.Reason, Is.EqualTo(Reasons.Pending));
    }

    [Test]
    public void Policy_that_no_pod_used_yet_is_programmed_and_says_so()
    {
        var scene = new StatusScene().WithProxy("n1");

        var programmed = scene.Condition(ConditionTypes.Programmed);

        Assert.That(programmed, Is.EqualTo(new ConditionState(
            "Programmed",
            ConditionStatus.True,
            "Programmed",
            "In force on 1/1 proxies. 1 of them has not used it yet and fetches it at first use.")));
    }

    [Test]
    public void Unused_policy_is_pending_until_the_proxy_has_been_brought_to_its_revision()
    {
        var scene = new StatusScene().WithProxy("n1", proxy => proxy with { SentRevision = new Revision(6) });

        var programmed = scene.Condition(ConditionTypes.Programmed);

        Assert.That(programmed.Reason, Is.EqualTo(Reasons.Pending));
    }

    [Test]
    public void Later_snapshot_without_change_of_the_policy_does_not_make_it_pending_again()
    {
        var scene = new StatusScene().WithProxy("n1");
        scene.Report();

        scene.Advance();

        Assert.That(scene.Condition(ConditionTypes.Programmed).Status, Is.EqualTo(ConditionStatus.True));
    }

    [Test]
    public void Without_proxies_nothing_is_claimed()
    {
        var programmed = new StatusScene().Condition(ConditionTypes.Programmed);

        Assert.That(programmed, Is.EqualTo(new ConditionState("Programmed", ConditionStatus.Unknown, "NoProxies", "No proxy is connected.")));
    }

    [Test]
    public void Invalid_policy_is_neither_accepted_nor_programmed()
    {
        var scene = new StatusScene()
            .WithProxy("n1")
            .OutsideTheModel()
            .WithFinding(new Finding(
                StatusScene.Reference(2), null, FindingCondition.Accepted, Reasons.TargetNotFound, "spec.targetRefs[0].name", "there is no Service shop/cart"));

        var conditions = scene.Report().Scopes[0].Conditions;

        Assert.That(conditions, Is.EqualTo(new EquatableArray<ConditionState>(
        [
            new ConditionState("Accepted", ConditionStatus.False, "TargetNotFound", "spec.targetRefs[0].name: there is no Service shop/cart."),
            new ConditionState("ResolvedRefs", ConditionStatus.True, "ResolvedRefs", "No reference to a backend is broken."),
            new ConditionState("Programmed", ConditionStatus.False, "TargetNotFound", "This generation is not in force: it is not accepted."),
        ])));
    }

    [Test]
    public void Bad_version_is_judged_by_its_own_generation_while_the_last_good_one_serves()
    {
        var scene = new StatusScene()
            .WithProxy("n1", proxy => StatusScene.Accepting(proxy, 2))
            .WithFinding(new Finding(
                StatusScene.Reference(3), null, FindingCondition.Accepted, Reasons.Invalid, "spec.retries.attempts", "must be at most 10, not 99"));

        var status = scene.Report();

        Assert.That(status.Generation, Is.EqualTo(3));
        Assert.That(status.Proxies, Is.EqualTo(new ProxySummary(1, 0, 0)));
        Assert.That(status.Scopes[0].Conditions[2].Message, Is.EqualTo(
            "This generation is not in force: it is not accepted. The last good version keeps serving: In force on 1/1 proxies."));
    }

    [Test]
    public void Resource_that_breaks_envoys_rules_is_withheld_and_the_policy_says_so()
    {
        var scene = new StatusScene()
            .WithProxy("n1", proxy => StatusScene.Accepting(proxy, 1))
            .WithRefused("virtual_hosts[0].name: must not be empty");

        var programmed = scene.Condition(ConditionTypes.Programmed);

        Assert.That(programmed.Status, Is.EqualTo(ConditionStatus.False));
        Assert.That(programmed.Message, Does.Contain("virtual_hosts[0].name: must not be empty").And.Contain("Withheld from every proxy"));
    }

    [Test]
    public void Policy_of_the_last_good_version_stays_programmed_when_another_makes_envoys_rules_break()
    {
        var scene = new StatusScene()
            .WithProxy("n1", proxy => StatusScene.Accepting(proxy, 2))
            .WithRefused("must not be empty", new ResourceRef("TrafficPolicy", "shop", "bad", 1));

        var programmed = scene.Condition(ConditionTypes.Programmed);

        Assert.That(programmed, Is.EqualTo(new ConditionState("Programmed", ConditionStatus.True, "Programmed", "In force on 1/1 proxies.")));
    }

    [Test]
    public void Withheld_first_version_does_not_claim_that_one_before_serves()
    {
        var scene = new StatusScene().WithProxy("n1").WithoutRoute().WithRefused("must not be empty");

        var programmed = scene.Condition(ConditionTypes.Programmed);

        Assert.That(programmed.Message, Does.EndWith("must not be empty. There is no version before that could serve."));
    }

    [Test]
    public void Route_that_is_refused_at_one_parent_does_not_claim_a_good_version_there()
    {
        var programmed = new ProgrammedState(
            new ConditionState(ConditionTypes.Programmed, ConditionStatus.True, Reasons.Programmed, "In force on 1/1 proxies."),
            new ProxySummary(1, 1, 0),
            Generation: 2);

        var conditions = Conditions.Of(
            [new Finding(StatusScene.Reference(2), 1, FindingCondition.Accepted, Reasons.NoMatchingParent, "spec.parentRefs[1].name", "there is none")],
            programmed);

        Assert.That(conditions[2].Message, Is.EqualTo("This generation is not in force: it is not accepted."));
    }

    [Test]
    public void Finding_of_a_builtin_object_has_a_status_too()
    {
        var service = new ObjectKey("Service", "shop", "cart");
        var built = BuildResult.Empty with
        {
            Findings = BuildResult.Empty.Findings.Add(service, [
                new Finding(new ResourceRef("Service", "shop", "cart", 3), null, FindingCondition.Accepted, Reasons.Conflicted, "spec.clusterIP", "is taken")]),
        };
        var snapshot = SnapshotBuilder.Build(built.Model, previous: null);

        var report = StatusReporter.Report(new StatusInput(built, snapshot, []), StatusMemory.Empty);

        var status = report.Objects[service];
        Assert.That(status.Generation, Is.EqualTo(3));
        Assert.That(status.Scopes.Single().Conditions[0], Is.EqualTo(
            new ConditionState("Accepted", ConditionStatus.False, "Conflicted", "spec.clusterIP: is taken.")));
    }

    [Test]
    public void Partial_conflict_keeps_a_policy_accepted_and_tells_where_it_lost()
    {
        var scene = new StatusScene()
            .WithProxy("n1", proxy => StatusScene.Accepting(proxy, 2))
            .WithFinding(new Finding(
                StatusScene.Reference(2), null, FindingCondition.Accepted, Reasons.Conflicted, "spec.targetRefs[1]", "shop/older is older", IsPartial: true));

        var conditions = scene.Report().Scopes[0].Conditions;

        Assert.That(conditions[0].Status, Is.EqualTo(ConditionStatus.True));
        Assert.That(conditions[0].Message, Is.EqualTo("Valid and in the mesh. But: spec.targetRefs[1]: shop/older is older."));
        Assert.That(conditions[2].Reason, Is.EqualTo(Reasons.PartiallyProgrammed));
    }

    [Test]
    public void Refusal_that_stems_from_no_object_is_told_of_at_the_node()
    {
        var listener = new ResourceKey(ResourceType.Listener, "l/127.96.0.10:8080");
        var scene = new StatusScene().WithProxy("n1", proxy => proxy with
        {
            Rejected = proxy.Rejected.Add(listener, new RejectedResource("v1", Origins.None, Origins.None, "cannot bind '127.96.0.10:8080': Address already in use")),
        });

        var node = scene.ReportAll()[new ObjectKey("MeshNode", "", "n1")];

        Assert.That(node.Scopes[0].Conditions[2], Is.EqualTo(new ConditionState(
            "Programmed",
            ConditionStatus.False,
            "RejectedByProxy",
            "The proxy refused 1 resources that stem from no policy or route. Listener l/127.96.0.10:8080: "
                + "cannot bind '127.96.0.10:8080': Address already in use.")));
    }

    [Test]
    public void Withheld_resource_of_a_node_turns_the_object_that_it_stems_from_and_is_told_of_at_the_node()
    {
        var scene = new StatusScene()
            .WithProxy("n1", proxy => StatusScene.Accepting(proxy, 2))
            .WithProxy("n2", proxy => StatusScene.Accepting(proxy, 2))
            .WithWithheldListener("n2", "address.port_value: must be at most 65535", Origins.Of(StatusScene.Reference(2)), Origins.Of(StatusScene.Reference(1)));

        var statuses = scene.ReportAll();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(statuses[StatusScene.Policy].Scopes[0].Conditions[2], Is.EqualTo(new ConditionState(
                "Programmed",
                ConditionStatus.False,
                "RejectedByProxy",
                "Withheld, since Envoy would refuse it, from 1 of 2 proxies, in force on 1/2. n2: address.port_value: must be at most 65535 "
                    + "(Listener l/127.96.0.10:8080). Where it was refused, the version before keeps serving.")));
            Assert.That(statuses[StatusScene.Policy].Proxies, Is.EqualTo(new ProxySummary(2, 1, 1)));
            Assert.That(statuses[new ObjectKey("MeshNode", "", "n1")].Scopes[0].Conditions[2].Status, Is.EqualTo(ConditionStatus.True));
            Assert.That(statuses[new ObjectKey("MeshNode", "", "n2")].Scopes[0].Conditions[2], Is.EqualTo(new ConditionState(
                "Programmed",
                ConditionStatus.False,
                "RejectedByProxy",
                "1 resources of the node are withheld, since Envoy would refuse them; a version before keeps serving where there is one. "
                    + "Listener l/127.96.0.10:8080: address.port_value: must be at most 65535.")));
        }
    }

    [Test]
    public void Object_of_the_last_good_version_stays_programmed_when_another_makes_a_resource_of_the_node_break_rules()
    {
        var bad = new ResourceRef("TrafficPolicy", "shop", "bad", 1);
        var scene = new StatusScene()
            .WithProxy("n1", proxy => StatusScene.Accepting(proxy, 2))
            .WithWithheldListener("n1", "no", Origins.Of(StatusScene.Reference(2), bad), Origins.Of(StatusScene.Reference(2)));

        var programmed = scene.Condition(ConditionTypes.Programmed);

        Assert.That(programmed.Status, Is.EqualTo(ConditionStatus.True));
    }
}
