// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Features;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Testing.Builders;

namespace Mesh.Tests.Building;

public sealed class SourceProblemsTests
{
    private static readonly SourceProblem Problem = new("a/cart.yaml", 12, "spec.retries.attempts", "must be a number", 8);

    [Test]
    public void Problem_is_told_and_the_last_good_version_serves()
    {
        var policy = new TrafficPolicy
        {
            Metadata = Make.Metadata("shop/p", generation: 7),
            Spec = new TrafficPolicySpec { TargetRefs = [Make.Target(PolicyTargetKind.Service, "cart")], Timeouts = new Timeouts { Request = "1s" } },
        };
        var set = new ResourceSetBuilder().Add(Built.Cart, policy).Problem(new ObjectKey("TrafficPolicy", "shop", "p"), Problem).Build();

        var built = ModelBuilder.Build(set);

        Assert.That(built.Findings("TrafficPolicy", "shop/p"), Is.EqualTo([
            "Accepted Invalid spec.retries.attempts: must be a number (a/cart.yaml:12); the last good version (generation 7) keeps serving"]));
        Assert.That(built.Findings.Values.Single()[0].Object.Generation, Is.EqualTo(8));
        Assert.That(built.Contributions[new("TrafficPolicy", "shop", "p")].Reference.Generation, Is.EqualTo(7));
        Assert.That(built.Rules("shop/cart")[0].Settings.Timeouts.Request, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Problem_of_a_file_says_nothing_of_versions()
    {
        var set = new ResourceSetBuilder().Problem(ObjectKeys.OfFile("a/cart.yaml"), Problem with { Path = "" }).Build();

        var built = ModelBuilder.Build(set);

        Assert.That(built.Findings[ObjectKeys.OfFile("a/cart.yaml")].Single().Message, Is.EqualTo("must be a number (a/cart.yaml:12)"));
    }

    [Test]
    public void Problem_of_an_object_that_never_was_good_is_told()
    {
        var set = new ResourceSetBuilder().Problem(new ObjectKey("TrafficPolicy", "shop", "p"), Problem with { Line = 0, Path = "" }).Build();

        var built = ModelBuilder.Build(set);

        Assert.That(built.Findings("TrafficPolicy", "shop/p"), Is.EqualTo([
            "Accepted Invalid : must be a number (a/cart.yaml); there is no earlier version that could serve"]));
    }
}
