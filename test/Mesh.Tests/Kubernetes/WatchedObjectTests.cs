// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Core;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Sources;

namespace Mesh.Tests.Kubernetes;

/// <summary>One object of the API server, as it is read.</summary>
public sealed class WatchedObjectTests
{
    [Test]
    public void Slim_object_has_the_fields_that_are_read_and_no_bookkeeping()
    {
        var read = WatchText.ReaderOf("EndpointSlice").Read(WatchText.Of(
            """
            {"metadata":{"name":"cart-1","namespace":"shop","uid":"u","resourceVersion":"9","generation":3,"creationTimestamp":"2026-01-02T03:04:05Z",
              "labels":{"kubernetes.io/service-name":"cart"},
              "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}","mine":"1"},
              "ownerReferences":[{"apiVersion":"v1","kind":"Service","name":"cart","uid":"x"}],
              "managedFields":[{"manager":"m","fieldsV1":{"f:a":{}}}]},
             "addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],"nodeName":"n1","conditions":{"ready":true},"hints":{"forZones":[{"name":"a"}]}}],
             "ports":[{"name":"http","port":80,"protocol":"TCP"}]}
            """));

        var slice = (EndpointSlice)read.Entity!; // As the kind says.
        Assert.That((slice.Metadata.Name, slice.Metadata.Uid), Is.EqualTo(("cart-1", "u")));
        Assert.That(slice.Metadata.Generation, Is.EqualTo(3));
        Assert.That(slice.Metadata.CreationTimestamp, Is.EqualTo(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc)));
        Assert.That(slice.Metadata.Annotations, Is.Null);
        Assert.That(slice.Metadata.ManagedFields, Is.Null);
        Assert.That(slice.Metadata.OwnerReferences, Is.Null);
        Assert.That(slice.Endpoints!.Single().Addresses, Is.EqualTo(["10.0.0.1"]));
        Assert.That(slice.Endpoints!.Single().Hints!.ForZones!.Single().Name, Is.EqualTo("a"));
        Assert.That(slice.Ports!.Single().Port, Is.EqualTo(80));
        Assert.That(read.Problems, Is.Empty);
    }

    [Test]
    public void Steps_of_a_pod_that_concern_nobody_leave_it_the_same_object()
    {
        UInt128 DigestAt(string container, string conditions) => ObjectContent.Digest(WatchText.ReaderOf("Pod").Read(WatchText.Of(
            $$$"""
            {"metadata":{"name":"p","namespace":"shop","annotations":{"step":"{{{container}}}"}},"spec":{"nodeName":"n","containers":[{"name":"{{{container}}}"}]},
             "status":{"podIP":"10.0.0.1","conditions":[{{{conditions}}}],"containerStatuses":[{"name":"{{{container}}}"}]}}
            """)).Entity!);

        var start = DigestAt("a", """{"type":"Ready","status":"False"},{"type":"Initialized","status":"False","lastTransitionTime":"2026-01-01T00:00:00Z"}""");
        var later = DigestAt("b", """{"type":"Initialized","status":"True","lastTransitionTime":"2026-01-01T00:00:09Z"},{"type":"Ready","status":"False"}""");
        var ready = DigestAt("b", """{"type":"Initialized","status":"True"},{"type":"Ready","status":"True"}""");

        Assert.That(later, Is.EqualTo(start));
        Assert.That(ready, Is.Not.EqualTo(start));
    }

    [Test]
    public void Heartbeat_of_a_node_leaves_it_the_same_object()
    {
        UInt128 DigestAt(string time) => ObjectContent.Digest(WatchText.ReaderOf("Node").Read(WatchText.Of(
            $$$"""
            {"metadata":{"name":"n","labels":{"topology.kubernetes.io/zone":"a"},"annotations":{"at":"{{{time}}}"}},
             "status":{"conditions":[{"type":"Ready","lastHeartbeatTime":"{{{time}}}"}],"images":[{"names":["{{{time}}}"]}]}}
            """)).Entity!);

        Assert.That(DigestAt("2026-01-01T00:05:00Z"), Is.EqualTo(DigestAt("2026-01-01T00:00:00Z")));
    }

    [Test]
    public void Slim_objects_share_texts_that_repeat()
    {
        var reader = WatchText.ReaderOf("Pod");
        var pods = new[] { "a", "b" }.Select(name => (Pod)reader.Read(WatchText.Of(
            $$$"""{"metadata":{"name":"{{{name}}}","namespace":"shop"},"spec":{"nodeName":"node-1"},"status":{"podIP":"10.0.0.1"}}""")).Entity!).ToList();

        Assert.That(pods[1].Spec!.NodeName, Is.SameAs(pods[0].Spec!.NodeName));
        Assert.That(pods[1].Metadata.NamespaceProperty, Is.SameAs(pods[0].Metadata.NamespaceProperty));
    }

    [TestCase("""{"metadata":{"name":"p","namespace":"shop","resourceVersion":"4"},"spec":{"nodeName":7}}""", "spec.nodeName")]
    [TestCase("""{"metadata":{"name":"p","namespace":"shop","resourceVersion":"4"},"spec":[]}""", "spec")]
    public void Slim_object_with_a_value_of_a_wrong_type_is_a_problem_of_the_object(string json, string path)
    {
        var read = WatchText.ReaderOf("Pod").Read(WatchText.Of(json));

        Assert.That((read.Key, read.Version), Is.EqualTo((new ObjectKey("Pod", "shop", "p"), "4")));
        Assert.That(read.Entity, Is.Null);
        Assert.That(read.Problems.Single().Path, Is.EqualTo(path));
    }

    [Test]
    public void Fields_that_nest_deeper_than_we_look_are_skipped()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"f:x":""", 200)) + "{}" + new string('}', 200);

        var read = WatchText.ReaderOf("Pod").Read(WatchText.Of($$$"""{"metadata":{"name":"p","managedFields":[{"fieldsV1":{{{deep}}}}]}}"""));

        Assert.That(read.Entity, Is.TypeOf<Pod>());
    }

    [Test]
    public void Policy_gets_the_defaults_of_its_schema_and_may_come_without_kind_as_in_a_list()
    {
        var read = WatchText.ReaderOf("TrafficPolicy").Read(WatchText.Of(
            """{"metadata":{"name":"p","namespace":"shop","resourceVersion":"4","generation":2,"managedFields":[{"manager":"m"}]},"spec":{"targetRefs":[{"kind":"Service","name":"cart"}],"timeouts":{"request":"1s"}},"status":{"conditions":[{"type":"X"}]}}"""));

        Assert.That(read.Problems, Is.Empty);
        Assert.That(((TrafficPolicy)read.Entity!).Spec.Timeouts?.Request, Is.EqualTo("1s"));
    }

    [Test]
    public void Policy_that_breaks_its_schema_is_a_problem_with_its_path_and_generation()
    {
        var read = WatchText.ReaderOf("TrafficPolicy").Read(WatchText.Of(
            """{"metadata":{"name":"p","namespace":"shop","resourceVersion":"4","generation":2},"spec":{"targetRefs":[{"kind":"Service","name":"cart"}],"retries":{"attempts":"many"}}}"""));

        Assert.That((read.Key, read.Version), Is.EqualTo((new ObjectKey("TrafficPolicy", "shop", "p"), "4")));
        Assert.That(read.Entity, Is.Null);
        Assert.That(read.Problems, Is.EqualTo([new SourceProblem("", 0, "spec.retries.attempts", "must be an integer, is the text \"many\"", 2)]));
    }

    [Test]
    public void Page_of_a_list_has_its_objects_its_version_and_the_token_of_the_next()
    {
        var page = WatchPage.Read(
            WatchText.InPieces("""{"kind":"PodList","items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}],"metadata":{"resourceVersion":"11","continue":"abc","remainingItemCount":3}}""", 7),
            WatchText.ReaderOf("Pod"));

        Assert.That(page.Objects.Select(watched => watched.Key.Name), Is.EqualTo(["a", "b"]));
        Assert.That((page.Version, page.Continue), Is.EqualTo(("11", "abc")));
    }

    [TestCase("""{"items":null,"metadata":{"resourceVersion":"1"}}""", 0)]
    [TestCase("""{"metadata":{"resourceVersion":"1"}}""", 0)]
    public void Page_may_be_empty(string json, int count) =>
        Assert.That(WatchPage.Read(WatchText.Of(json), WatchText.ReaderOf("Pod")).Objects, Has.Length.EqualTo(count));

    [TestCase("404 page not found")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"metadata":{"resourceVersion":"1"},"items":[{"metadata":""")]
    public void Page_that_is_no_list_is_refused(string json) =>
        Assert.That(() => WatchPage.Read(WatchText.Of(json), WatchText.ReaderOf("Pod")), Throws.TypeOf<InvalidDataException>());
}
