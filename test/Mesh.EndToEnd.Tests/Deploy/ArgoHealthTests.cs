// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Mesh.EndToEnd.Tests.Deploy;

/// <summary>The health checks for Argo CD, run by a Lua interpreter over a table of statuses.</summary>
internal sealed class ArgoHealthTests
{
    private const string Accepted = "Accepted=True:Accepted";
    private const string Resolved = "ResolvedRefs=True:ResolvedRefs";
    private const string Programmed = "Programmed=True:Programmed";
    private const string Connected = "Connected=True:Connected";
    private const string Ours = "mesh.operator.dev/mesh-operator";

    // Generation, that which the conditions were judged by, the conditions as TYPE=STATUS:REASON, the health.
    [TestCase(1, 1, "", "Progressing")]
    [TestCase(1, 1, $"{Accepted} {Resolved}", "Progressing")]
    [TestCase(2, 1, $"{Accepted} {Resolved} {Programmed}", "Progressing")]
    [TestCase(2, 1, "Accepted=False:Invalid ResolvedRefs=True:ResolvedRefs Programmed=False:Invalid", "Progressing")]
    [TestCase(1, 1, "Accepted=False:Invalid ResolvedRefs=True:ResolvedRefs Programmed=False:Invalid", "Degraded")]
    [TestCase(1, 1, "Accepted=False:Conflicted ResolvedRefs=True:ResolvedRefs Programmed=False:Conflicted", "Degraded")]
    [TestCase(1, 1, "Accepted=False:TargetNotFound ResolvedRefs=True:ResolvedRefs Programmed=False:TargetNotFound", "Degraded")]
    [TestCase(1, 1, $"{Accepted} ResolvedRefs=False:BackendNotFound {Programmed}", "Degraded")]
    [TestCase(1, 1, $"{Accepted} {Resolved} Programmed=False:RejectedByProxy", "Degraded")]
    [TestCase(1, 1, $"{Accepted} {Resolved} Programmed=False:Unenforceable", "Degraded")]
    [TestCase(1, 1, $"{Accepted} {Resolved} Programmed=False:Overridden", "Healthy")]
    [TestCase(1, 1, $"{Accepted} {Resolved} Programmed=Unknown:Pending", "Progressing")]
    [TestCase(1, 1, $"{Accepted} {Resolved} Programmed=Unknown:NoProxies", "Healthy")]
    [TestCase(1, 1, $"{Accepted} {Resolved} Programmed=True:PartiallyProgrammed", "Healthy")]
    [TestCase(2, 2, $"{Accepted} {Resolved} {Programmed}", "Healthy")]
    [TestCase(2, 2, $"{Accepted} {Resolved} {Programmed} Ready=True:Ready Stalled=False:Progressing", "Healthy")]
    public async Task Policy_and_route_have_the_health_of_their_conditions(int generation, int observed, string conditions, string expected)
    {
        var policy = Object(generation, new JsonObject { ["conditions"] = Conditions(conditions, observed) });
        var route = Object(generation, new JsonObject { ["parents"] = new JsonArray(Parent(Ours, conditions, observed)) });

        Assert.That((await LuaHealth.OfAsync("policy", policy)).Status, Is.EqualTo(expected));
        Assert.That((await LuaHealth.OfAsync("route", route)).Status, Is.EqualTo(expected));
    }

    [TestCase("policy")]
    [TestCase("route")]
    [TestCase("node")]
    public async Task Object_without_status_is_on_its_way(string check)
    {
        Assert.That((await LuaHealth.OfAsync(check, Object(1, status: null))).Status, Is.EqualTo("Progressing"));
        Assert.That((await LuaHealth.OfAsync(check, Object(1, []))).Status, Is.EqualTo("Progressing"));
    }

    [Test]
    public async Task Message_has_the_words_of_the_condition()
    {
        var policy = Object(1, new JsonObject { ["conditions"] = Conditions("Accepted=False:Invalid ResolvedRefs=True:ResolvedRefs Programmed=False:Invalid", 1) });

        Assert.That((await LuaHealth.OfAsync("policy", policy)).Message, Is.EqualTo("Invalid: what \"Accepted\" says – ünd why"));
    }

    // A Gateway's controller knows no condition Programmed of routes.
    [TestCase($"{Accepted} {Resolved}", $"{Accepted} {Resolved} {Programmed}", "Healthy")]
    [TestCase("Accepted=False:NotAllowedByListeners", $"{Accepted} {Resolved} {Programmed}", "Degraded")]
    [TestCase($"{Accepted} {Resolved}", $"{Accepted} {Resolved} Programmed=False:RejectedByProxy", "Degraded")]
    [TestCase($"{Accepted} {Resolved}", $"{Accepted} {Resolved} Programmed=Unknown:Pending", "Progressing")]
    [TestCase("", $"{Accepted} {Resolved} {Programmed}", "Progressing")]
    public async Task Route_with_a_gateway_among_its_parents_needs_both(string gateway, string service, string expected)
    {
        var route = Object(1, new JsonObject { ["parents"] = new JsonArray(Parent("example.com/gateway", gateway, 1), Parent(Ours, service, 1)) });

        Assert.That((await LuaHealth.OfAsync("route", route)).Status, Is.EqualTo(expected));
    }

    [TestCase($"{Connected} {Programmed}", "Healthy")]
    [TestCase($"{Connected}", "Progressing")]
    [TestCase($"{Connected} Programmed=Unknown:Pending", "Progressing")]
    [TestCase($"{Connected} Programmed=False:RejectedByProxy", "Degraded")]
    [TestCase("Connected=False:Disconnected Programmed=Unknown:Disconnected", "Suspended")]
    public async Task Node_has_the_health_of_its_proxy(string conditions, string expected)
    {
        var node = Object(1, new JsonObject { ["conditions"] = Conditions(conditions, 1) });

        Assert.That((await LuaHealth.OfAsync("node", node)).Status, Is.EqualTo(expected));
    }

    private static JsonObject Object(int generation, JsonObject? status)
    {
        var result = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "x", ["generation"] = generation } };
        if (status is not null)
        {
            result["status"] = status;
        }

        return result;
    }

    private static JsonObject Parent(string controller, string conditions, int observed) => new()
    {
        ["controllerName"] = controller,
        ["parentRef"] = new JsonObject { ["group"] = "", ["kind"] = "Service", ["name"] = "cart" },
        ["conditions"] = Conditions(conditions, observed),
    };

    private static JsonArray Conditions(string text, int observed) => new([.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(condition =>
    {
        var parts = condition.Split('=', ':');
        return new JsonObject
        {
            ["type"] = parts[0],
            ["status"] = parts[1],
            ["reason"] = parts[2],
            ["message"] = $"what \"{parts[0]}\" says – ünd why",
            ["observedGeneration"] = observed,
        };
    })]);
}
