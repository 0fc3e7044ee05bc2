// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Testing.Builders;

namespace Mesh.Tests.Building;

/// <summary>Who takes part in the mesh as a client.</summary>
public sealed class EnrolmentTests
{
    private const string NoClients =
        "~Accepted NoClients spec.parentRefs[0]: this is for clients in namespace web alone, of which no pod is enrolled: set the label "
        + "mesh.operator.dev/enrolment of the Namespace, or of pods, to \"enabled\" (gRPC clients without a proxy need no label)";

    [TestCase(null, null, false)]
    [TestCase("enabled", null, true)]
    [TestCase("disabled", null, false)]
    [TestCase(null, "enabled", true)]
    [TestCase("disabled", "enabled", true)]
    [TestCase("enabled", "disabled", false)]
    [TestCase("enabled", "true", true)]
    [TestCase("true", null, false)]
    public void Label_of_the_pod_goes_before_that_of_its_namespace(string? ofNamespace, string? ofPod, bool isEnrolled)
    {
        var built = Built.Of(Make.Namespace("web", ofNamespace), Pod(ofPod));

        Assert.That(built.Model.Workloads.Select(workload => workload.Name), Is.EqualTo(isEnrolled ? ["front"] : Array.Empty<string>()));
    }

    [Test]
    public void Pod_whose_namespace_is_unknown_is_enrolled_by_its_own_label_alone()
    {
        Assert.That(Built.Of(Pod("enabled")).Model.Workloads, Has.Count.EqualTo(1));
        Assert.That(Built.Of(Pod(null)).Model.Workloads, Is.Empty);
    }

    [Test]
    public void Value_that_is_none_is_told()
    {
        var built = Built.Of(Make.Namespace("web", "true"), Pod("Enabled"));

        Assert.That(built.Findings("Namespace", "web"), Is.EqualTo([
            "Accepted UnsupportedValue metadata.labels[mesh.operator.dev/enrolment]: \"true\" is neither \"enabled\" nor \"disabled\", and counts as no "
            + "label at all"]));
        Assert.That(built.Findings("Pod", "web/front"), Has.Length.EqualTo(1));
    }

    [TestCase(null, null, true)]
    [TestCase("enabled", null, false)]
    [TestCase(null, "enabled", false)]
    [TestCase("disabled", "disabled", true)]
    public void Consumer_route_without_any_enrolled_client_says_so(string? ofNamespace, string? ofPod, bool isTold)
    {
        var built = Built.Of(Built.Cart, Consumer, Make.Namespace("web", ofNamespace), Pod(ofPod));

        Assert.That(built.Findings("HTTPRoute", "web/r"), Is.EqualTo(isTold ? [NoClients] : Array.Empty<string>()));
    }

    [Test]
    public void Producer_route_is_for_everybody_and_needs_no_client()
    {
        var built = Built.Of(Built.Cart, Make.HttpRoute("shop/r", Make.Parent("cart"), Make.Rule(Make.PathMatch("/a"), Make.Backend("cart"))));

        Assert.That(built.Findings, Is.Empty);
    }

    [Test]
    public void Enrolment_that_comes_later_takes_the_words_back()
    {
        var set = new ResourceSetBuilder().Add(Built.Cart, Consumer, Make.Namespace("web", enrolment: null), Pod(label: null));
        var before = ModelBuilder.Build(set.Build());

        var labelled = Update(before, set, Make.Namespace("web", "enabled"));
        var unlabelled = Update(labelled, set, Make.Namespace("web", "disabled"));
        var byPod = Update(unlabelled, set, Pod("enabled"));

        Assert.That(before.Findings("HTTPRoute", "web/r"), Is.EqualTo([NoClients]));
        Assert.That(labelled.Findings("HTTPRoute", "web/r"), Is.Empty);
        Assert.That(labelled.Model.Workloads, Has.Count.EqualTo(1));
        Assert.That(unlabelled.Findings("HTTPRoute", "web/r"), Is.EqualTo([NoClients]));
        Assert.That(byPod.Findings("HTTPRoute", "web/r"), Is.Empty);
    }

    private static Mesh.Crds.GatewayApi.HTTPRoute Consumer { get; } =
        Make.HttpRoute("web/r", Make.Parent("shop/cart"), Make.Rule(Make.PathMatch("/a"), Make.Backend("cart") with { Namespace = "shop" }));

    private static Mesh.Crds.Core.Pod Pod(string? label) =>
        label is null ? Make.Pod("web/front", "10.244.0.9") : Make.Pod("web/front", "10.244.0.9", (EnrolmentLabel.Key, label));

    private static BuildResult Update(BuildResult before, ResourceSetBuilder set, IKubernetesObject<V1ObjectMeta> changed) =>
        ModelBuilder.Update(before, new StoreChange(set.Add(changed).Build(), new HashSet<ObjectKey> { ResourceSetBuilder.KeyOf(changed) }));
}
