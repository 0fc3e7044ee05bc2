// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;

namespace Mesh.Tests.Kubernetes;

internal sealed class RouteBodyTests
{
    private static readonly ParentReference Pay = new() { Group = "", Kind = "Service", Name = "pay", Port = 80 };

    [Test]
    public void Entries_of_other_controllers_are_put_in_again_as_they_were_read()
    {
        var others = new[] { Foreign("a"), Foreign("b") };
        var route = RouteWith([.. others.Select(other => other.DeepClone()), .. RouteBody.Of(Documents.Route(Pay), new JsonObject(), Documents.Noon)["parents"]!.AsArray().Select(parent => parent!.DeepClone())]);

        var merged = RouteBody.Merge(RouteBody.Of(Documents.Route(Documents.Cart), route, Documents.Noon), route)["parents"]!.AsArray();

        Assert.That(merged.Take(2).Select(parent => parent!.ToJsonString()), Is.EqualTo(others.Select(other => other.ToJsonString())));
        Assert.That(merged.Skip(2).Select(parent => (string?)parent!["parentRef"]!["name"]), Is.EqualTo(["cart"]));
    }

    [Test]
    public void Parent_keeps_its_own_times()
    {
        var before = RouteWith([.. RouteBody.Of(Documents.Route(Documents.Cart), new JsonObject(), Documents.Noon)["parents"]!.AsArray().Select(parent => parent!.DeepClone())]);

        var later = Documents.Noon.AddHours(1);
        var parents = RouteBody.Of(Stamp(Documents.Route(Documents.Cart, Pay), later), before, later)["parents"]!.AsArray();

        Assert.That(parents.Select(parent => (string?)parent!["conditions"]![0]!["lastTransitionTime"]), Is.EqualTo(["2026-11-26T12:00:00Z", "2026-11-26T13:00:00Z"]));
    }

    [Test]
    public void Route_without_any_good_version_has_its_verdict_at_each_parent_of_ours()
    {
        var verdict = new ScopeStatus(Parent: null, [Documents.Condition(ConditionTypes.Accepted, ConditionStatus.False, "Invalid")]);
        var document = StatusDocuments.Of(
            new ObjectStatus
            {
                Key = new ObjectKey("HTTPRoute", "shop", "cart"),
                Generation = 3,
                Target = "-",
                Scopes = [verdict],
                Proxies = new ProxySummary(0, 0, 0),
            },
            previous: null,
            Documents.Noon);
        var route = JsonNode.Parse("""
            {"spec": {"parentRefs": [
              {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "edge"},
              {"group": "", "kind": "Service", "name": "cart", "port": 80}]}}
            """)!.AsObject();

        var parents = RouteBody.Of(document, route, Documents.Noon)["parents"]!.AsArray();

        Assert.That(parents.Select(parent => parent!["parentRef"]!.ToJsonString()), Is.EqualTo(["""{"group":"","kind":"Service","name":"cart","port":80}"""]));
        Assert.That((string?)parents[0]!["conditions"]![0]!["reason"], Is.EqualTo("Invalid"));
        Assert.That((string?)parents[0]!["controllerName"], Is.EqualTo(ApiGroup.ControllerName));
    }

    [Test]
    public void Route_that_is_no_longer_ours_keeps_what_others_wrote()
    {
        var route = RouteWith([Foreign("a"), .. RouteBody.Of(Documents.Route(Pay), new JsonObject(), Documents.Noon)["parents"]!.AsArray().Select(parent => parent!.DeepClone())]);

        var merged = RouteBody.Merge(RouteBody.Of(document: null, route, Documents.Noon), route);

        Assert.That(merged["parents"]!.AsArray().Select(parent => (string?)parent!["controllerName"]), Is.EqualTo(["example.com/a"]));
    }

    [Test]
    public void List_is_no_longer_than_its_schema_allows()
    {
        var route = RouteWith([.. Enumerable.Range(0, 31).Select(i => Foreign($"c{i}"))]);

        var merged = RouteBody.Merge(RouteBody.Of(Documents.Route(Documents.Cart, Pay), route, Documents.Noon), route);

        Assert.That(merged["parents"]!.AsArray(), Has.Count.EqualTo(32));
    }

    private static JsonObject RouteWith(params JsonNode[] parents) => new() { ["status"] = new JsonObject { ["parents"] = new JsonArray(parents) } };

    private static JsonObject Foreign(string name) => new()
    {
        ["parentRef"] = new JsonObject { ["group"] = "gateway.networking.k8s.io", ["kind"] = "Gateway", ["name"] = "edge" },
        ["controllerName"] = $"example.com/{name}",
        ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Accepted", ["status"] = "True", ["unknown"] = new JsonArray(1, 2) }),
    };

    private static StatusDocument Stamp(StatusDocument document, DateTime time) => StatusDocuments.Of(document.Status, previous: null, time);
}
