// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Operator.Kubernetes;

namespace Mesh.Tests.Kubernetes;

internal sealed class MeshNodeBodyTests
{
    private static readonly TimeSpan Unanswered = TimeSpan.FromSeconds(10);

    [Test]
    public void Connected_node_says_what_its_proxy_is_and_has()
    {
        var status = MeshNodeBody.Of(Documents.Node("v1"), existing: null, generation: 1, Unanswered, Documents.Noon);

        Assert.That(Statuses(status), Is.EqualTo(["Connected=True", "Programmed=True", "Ready=True"]));
        Assert.That((string?)status["proxyVersion"], Is.EqualTo("1.40.0"));
        Assert.That((string?)status["captureMode"], Is.EqualTo("Redirect"));
        Assert.That(status["config"]!.ToJsonString(), Is.EqualTo("""{"workloads":3,"version":"v1","acknowledgedTime":"2026-11-26T12:00:00Z"}"""));
    }

    [TestCase(9, "True", TestName = "Answer_that_is_owed_for_a_moment_is_no_news")]
    [TestCase(10, "Unknown", TestName = "Answer_that_is_owed_for_long_turns_the_condition")]
    public void Pending(int seconds, string expected)
    {
        var current = Documents.Node("v1");
        var pending = Documents.Node("v2", isCurrent: false, current, Documents.Noon.AddSeconds(60));

        var status = MeshNodeBody.Of(pending, existing: null, generation: 1, Unanswered, Documents.Noon.AddSeconds(60 + seconds));

        Assert.That((string?)Documents.Of(status, "Programmed")["status"], Is.EqualTo(expected));
        Assert.That((string?)status["config"]!["version"], Is.EqualTo("v1"));
    }

    [Test]
    public void Proxy_that_has_never_answered_is_in_doubt_at_once()
    {
        var status = MeshNodeBody.Of(Documents.Node("v1", isCurrent: false), existing: null, generation: 1, Unanswered, Documents.Noon);

        Assert.That(Statuses(status), Is.EqualTo(["Connected=True", "Programmed=Unknown", "Ready=Unknown"]));
        Assert.That(status["config"]!.AsObject().ContainsKey("version"), Is.False);
    }

    [Test]
    public void Reconnected_proxy_with_the_same_configuration_is_as_before()
    {
        var before = MeshNodeBody.Of(Documents.Node("v1"), existing: null, generation: 1, Unanswered, Documents.Noon);

        var later = Documents.Noon.AddHours(1);
        var after = MeshNodeBody.Of(Documents.Node("v1", at: later), before, generation: 1, Unanswered, later);

        Assert.That(JsonNode.DeepEquals(before, after), Is.True, $"{before}\n{after}");
    }

    [Test]
    public void Node_without_its_proxy_keeps_what_was_known_and_says_since_when()
    {
        var before = MeshNodeBody.Of(Documents.Node("v1"), existing: null, generation: 1, Unanswered, Documents.Noon);

        var gone = MeshNodeBody.Gone(before, generation: 1, Documents.Noon.AddHours(1));

        Assert.That(Statuses(gone), Is.EqualTo(["Connected=False", "Programmed=Unknown", "Ready=False"]));
        Assert.That((string?)gone["config"]!["version"], Is.EqualTo("v1"));
        Assert.That(MeshNodeBody.GoneSince(gone)?.UtcDateTime, Is.EqualTo(Documents.Noon.AddHours(1)));
        Assert.That(MeshNodeBody.GoneSince(before), Is.Null);
    }

    [Test]
    public void Newer_configuration_is_progress_and_another_version_of_envoy_is_more()
    {
        var known = MeshNodeBody.Of(Documents.Node("v1"), existing: null, generation: 1, Unanswered, Documents.Noon);
        var moved = MeshNodeBody.Of(Documents.Node("v2"), known, generation: 1, Unanswered, Documents.Noon);
        var other = (JsonObject)moved.DeepClone();
        other["proxyVersion"] = "1.41.0";

        Assert.That(MeshNodeBody.IsProgress(known, moved), Is.True);
        Assert.That(MeshNodeBody.IsProgress(known, other), Is.False);
    }

    private static IEnumerable<string> Statuses(JsonObject status) =>
        status["conditions"]!.AsArray().Select(condition => $"{condition!["type"]}={condition["status"]}");
}
