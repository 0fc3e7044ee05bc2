// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Nacks;

/// <summary>What a user sees when Envoy refuses what passed every check of ours.</summary>
internal sealed class NackTests
{
    [Test]
    public async Task Refused_rules_say_so_in_envoys_words_while_the_last_good_version_serves()
    {
        await using var shop = await Shop.StartAsync(net: 151, Shop.RulesPolicy("/a+", "good"));
        Assert.That((await shop.GetCartAsync()).RequestHeaders["x-rules"], Is.EqualTo(new[] { "good" }));
        Assert.That((await shop.GetCatalogAsync()).Status, Is.EqualTo(200));
        await shop.Mesh.StatusAsync(Shop.Rules, document => Programmed(document).Message == "In force on 1/1 proxies.");
        await using var load = new SteadyLoad(shop.GetCartAsync);

        await shop.Mesh.WriteAsync("rules.yaml", Shop.RulesPolicy(Shop.TooLarge, "bad"));
        var refused = await shop.Mesh.StatusAsync(Shop.Rules, document => Programmed(document).Reason == Reasons.RejectedByProxy);

        Assert.That(Programmed(refused).Status, Is.EqualTo(ConditionStatus.False));
        Assert.That(Programmed(refused).Message, Does.StartWith("Refused by 1 of 1 proxies, in force on 0/1. test: "));
        Assert.That(Programmed(refused).Message, Does.Contain("max program size of 1000").And.Contain("Route r/shop/cart:8080"));
        Assert.That(Programmed(refused).Message, Does.EndWith("the version before keeps serving."));
        Assert.That(refused.AllConditions.First(condition => condition.Type == ConditionTypes.Accepted).Status, Is.EqualTo(ConditionStatus.True));
        Assert.That(refused.Status.Proxies, Is.EqualTo(new ProxySummary(1, 0, 1)));
        await load.AnswersAsync(20);
        Assert.That(Programmed(shop.Mesh.Board.Documents.Value[Shop.CartLimits]).Status, Is.EqualTo(ConditionStatus.True));
        Assert.That(Programmed(shop.Mesh.Board.Documents.Value[Shop.CatalogLimits]).Status, Is.EqualTo(ConditionStatus.True));
        Assert.That((await shop.GetCatalogAsync()).Status, Is.EqualTo(200));
        Assert.That(load.Versions, Is.EqualTo(new[] { "200 good" }));

        await shop.Mesh.WriteAsync("rules.yaml", Shop.RulesPolicy("/a{2}|/a", "mended"));
        var mended = await shop.Mesh.ProgrammedAsync(Shop.Rules, generation: 3);
        var answer = await shop.GetCartAsync();

        Assert.That(Programmed(mended).Message, Is.EqualTo("In force on 1/1 proxies."));
        Assert.That(mended.Status.Proxies, Is.EqualTo(new ProxySummary(1, 1, 0)));
        Assert.That(answer.RequestHeaders["x-rules"], Is.EqualTo(new[] { "mended" }));
        await load.AnswersAsync(20);
        Assert.That(load.Versions, Is.EqualTo(new[] { "200 good", "200 mended" }));
    }

    [Test]
    public async Task Rules_that_envoy_meets_at_first_use_only_are_told_then_and_serve_nothing_until_mended()
    {
        await using var shop = await Shop.StartAsync(net: 152, Shop.RulesPolicy(Shop.TooLarge, "bad"));
        await shop.Mesh.StatusAsync(Shop.Rules, document => Programmed(document) is { Status: ConditionStatus.True } programmed
            && programmed.Message!.EndsWith("1 of them has not used it yet and fetches it at first use.", StringComparison.Ordinal)); // A report has a message.

        var request = shop.GetCartAsync();
        var refused = await shop.Mesh.StatusAsync(Shop.Rules, document => Programmed(document).Reason == Reasons.RejectedByProxy);
        var other = await shop.GetCatalogAsync();
        var answer = await request;

        // There is no version that could serve, and to leave the rules out would send requests where they should not go.
        Assert.That((answer.Status, other.Status), Is.EqualTo((504, 200)));
        Assert.That(Programmed(refused).Message, Does.Contain("max program size of 1000"));

        await shop.Mesh.WriteAsync("rules.yaml", Shop.RulesPolicy("/a+", "mended"));
        await shop.Mesh.ProgrammedAsync(Shop.Rules, generation: 2);
        var mended = await shop.GetCartAsync();

        Assert.That(mended.RequestHeaders["x-rules"], Is.EqualTo(new[] { "mended" }));
    }

    [Test]
    public async Task Route_of_another_namespace_that_envoy_would_refuse_leaves_the_service_as_it_is()
    {
        await using var shop = await Shop.StartAsync(
            net: 158,
            $$"""
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: poison, namespace: evil}
            spec:
              parentRefs: [{group: "", kind: Service, name: cart, namespace: shop, port: 8080}]
              rules:
              - matches: [{path: {type: RegularExpression, value: "{{Shop.TooLarge}}"} }]
            """);
        var answer = await shop.GetCartAsync();
        var route = await shop.Mesh.StatusAsync(new ObjectKey("HTTPRoute", "evil", "poison"), static document => document.AllConditions.Any());
        var own = await shop.Mesh.StatusAsync(Shop.CartLimits, document => Programmed(document).Message == "In force on 1/1 proxies.");

        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(Programmed(own).Status, Is.EqualTo(ConditionStatus.True));
        Assert.That(route.AllConditions.First(static condition => condition.Type == ConditionTypes.Accepted).Reason, Is.EqualTo(Reasons.UnsupportedValue));
    }

    private static Condition Programmed(StatusDocument document) =>
        document.AllConditions.Single(condition => condition.Type == ConditionTypes.Programmed);
}
