// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Testing.Builders;

namespace Mesh.Tests.Building;

/// <summary>No dead field: whatever a user can write changes the model, or is answered with a finding.</summary>
public sealed class EverySpecFieldReachesTheModel
{
    /// <summary>Fields without effect on purpose.</summary>
    private static readonly HashSet<string> WithoutEffect = new(StringComparer.Ordinal)
    {
        // A Service is known by its address; GEP-1426 has hostnames ignored.
        "HTTPRouteSpec.Hostnames",
        "GRPCRouteSpec.Hostnames",
    };

    private static IEnumerable<TestCaseData> Kinds()
    {
        yield return new TestCaseData(typeof(TrafficPolicySpec), FullSpecs.Policies().ToArray<object>()).SetArgDisplayNames("TrafficPolicy");
        yield return new TestCaseData(typeof(MeshSpec), FullSpecs.Meshes().ToArray<object>()).SetArgDisplayNames("Mesh");
        yield return new TestCaseData(typeof(HTTPRouteSpec), new object[] { FullSpecs.HttpRoute() }).SetArgDisplayNames("HTTPRoute");
        yield return new TestCaseData(typeof(GRPCRouteSpec), new object[] { FullSpecs.GrpcRoute() }).SetArgDisplayNames("GRPCRoute");
    }

    [TestCaseSource(nameof(Kinds))]
    public void Flipped_leaf_changes_the_model_or_gives_a_finding(Type type, object[] examples)
    {
        var untouched = SpecLeaves.Of(type);
        var dead = new List<string>();
        foreach (var example in examples)
        {
            var before = Built.Of(Around(example));
            Assert.That(before.Findings, Is.Empty, "the example is valid");
            foreach (var flip in SpecLeaves.Flips(example))
            {
                untouched.Remove(flip.Leaf);
                if (BuildResults.Difference(before, Built.Of(Around(flip.Spec))).Length == 0 && !WithoutEffect.Contains(flip.Leaf))
                {
                    dead.Add(flip.Path);
                }
            }
        }

        // A rule's name in a policy has no use: nothing can target it. The routes' own cases cover it.
        untouched.RemoveWhere(leaf => type == typeof(TrafficPolicySpec) && leaf == "HTTPRouteRule.Name");
        Assert.That(dead, Is.Empty);
        Assert.That(untouched, Is.Empty, "leaves that no example gives");
    }

    private static IEnumerable<IKubernetesObject<V1ObjectMeta>> Around(object spec)
    {
        yield return Built.Cart;
        yield return Make.Service("shop/pay", "10.96.0.11", "80");
        switch (spec)
        {
            case TrafficPolicySpec policy:
                yield return Make.Policy("shop/p", policy);
                break;
            case MeshSpec mesh:
                yield return new MeshConfiguration { Metadata = Make.Metadata("default"), Spec = mesh };
                break;
            case HTTPRouteSpec route:
                yield return new HTTPRoute { Metadata = Make.Metadata("shop/r"), Spec = route };
                yield return OnRule(PolicyTargetKind.HTTPRoute);
                break;
            case GRPCRouteSpec route:
                yield return new GRPCRoute { Metadata = Make.Metadata("shop/r"), Spec = route };
                yield return OnRule(PolicyTargetKind.GRPCRoute);
                break;
        }
    }

    private static TrafficPolicy OnRule(PolicyTargetKind kind) => Make.Policy(
        "shop/p", new TrafficPolicySpec { TargetRefs = [Make.Target(kind, "r", "first")], Retries = new() { Attempts = 1 } });
}
