// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Kinds;
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Sources;
using Mesh.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Tests.Kubernetes;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ReflectorStatusSinkTests
{
    private static readonly StatusKind NodeKind = StatusKind.All.Single(static kind => kind.Shape == StatusShape.Node);
    private static readonly ObjectKey A = Documents.Named("a").Status.Key;
    private static readonly ObjectKey Node = new("MeshNode", "", "n1");

    private readonly FakeTimeProvider time = new();
    private readonly ResourceStore store = new();
    private readonly StatusQueue queue;
    private readonly StatusSight sight;

    public ReflectorStatusSinkTests()
    {
        queue = new StatusQueue(time);
        sight = new StatusSight(queue, new StatusWriteOptions());
    }

    [Test]
    public async Task Status_is_seen_beside_what_the_store_gets()
    {
        await AtRestAsync(Documents.Named("a"));
        var sink = sight.Beside(new ReflectorStoreSink(store, tellsProblems: true, NullLogger.Instance), KindCatalog.FindByKind("TrafficPolicy")!);

        sink.Apply([new WatchEvent.Changed(Policy("""{"observedGeneration":7}"""))]);

        Assert.That(await queue.TakeAsync(CancellationToken.None).WithTimeout(), Is.EqualTo(A));
        Assert.That((long?)queue.Read(A).Seen!.Status!.Status!["observedGeneration"], Is.EqualTo(7));
        Assert.That(store.Current.Problems, Is.Empty);
        Assert.That(store.Current.TrafficPolicies.Keys, Is.EqualTo([A]));
    }

    [Test]
    public void Kind_without_a_status_of_ours_is_left_alone()
    {
        var sink = new ReflectorStoreSink(store, tellsProblems: false, NullLogger.Instance);

        Assert.That(sight.Beside(sink, KindCatalog.FindByKind("Pod")!), Is.SameAs(sink));
    }

    [Test]
    public async Task Node_that_is_deleted_is_looked_at_whether_an_event_tells_of_it_or_a_list()
    {
        await AtRestAsync(Documents.Node("v1"));
        var sink = sight.Of(NodeKind);
        sink.Replace([NodeObject()]);
        queue.Done(await queue.TakeAsync(CancellationToken.None).WithTimeout(), again: null);

        sink.Apply([new WatchEvent.Deleted(NodeObject())]);
        var byEvent = queue.Read(await queue.TakeAsync(CancellationToken.None).WithTimeout());
        queue.Done(Node, again: null);
        sink.Apply([new WatchEvent.Changed(NodeObject())]);
        queue.Done(await queue.TakeAsync(CancellationToken.None).WithTimeout(), again: null);
        sink.Replace([]);
        var byList = queue.Read(await queue.TakeAsync(CancellationToken.None).WithTimeout());

        Assert.That(new[] { byEvent.Seen, byList.Seen }, Is.All.EqualTo(new StatusSeen(Node, Status: null, Unreported: null)));
    }

    [Test]
    public async Task Node_that_nobody_reports_is_left_over()
    {
        queue.Watch();
        queue.Activate(time.GetUtcNow());

        sight.Of(NodeKind).Apply([new WatchEvent.Changed(NodeObject())]);

        Assert.That(await queue.TakeAsync(CancellationToken.None).WithTimeout(), Is.EqualTo(Node));
    }

    [Test]
    public void Policy_that_is_deleted_or_has_no_name_is_no_matter_of_the_writers()
    {
        queue.Watch();
        queue.Activate(time.GetUtcNow());
        var sink = sight.Beside(new ReflectorStoreSink(store, tellsProblems: true, NullLogger.Instance), KindCatalog.FindByKind("TrafficPolicy")!);

        sink.Replace([Policy("{}") with { Key = A with { Name = "" } }]);
        sink.Apply([new WatchEvent.Deleted(Policy("{}"))]);

        Assert.That(queue.Keys, Is.Empty);
    }

    [Test]
    public void Status_of_a_shape_that_no_schema_allows_cannot_be_compared()
    {
        Assert.That(Policy("""{"conditions":[{"type":1}]}""").Status, Is.Null);
        Assert.That(Policy("[]").Status!.Status, Is.Null);
    }

    private async Task AtRestAsync(Operator.Status.StatusDocument document)
    {
        queue.Watch();
        queue.Activate(time.GetUtcNow());
        queue.Report([document], []);
        var key = await queue.TakeAsync(CancellationToken.None).WithTimeout();
        queue.Read(key);
        queue.Done(key, again: null);
    }

    private static WatchedObject Policy(string status) => WatchText.ReaderOf("TrafficPolicy").Read(WatchText.Of(
        $$"""
        {"metadata":{"name":"a","namespace":"shop","uid":"u","resourceVersion":"9","generation":3},
         "spec":{"targetRefs":[{"kind":"Service","name":"cart"}],"timeouts":{"request":"5s"} },"status":{{status}} }
        """));

    private static WatchedObject NodeObject() => new WatchSchemaReader(NodeKind.Entry).Read(WatchText.Of(
        """{"metadata":{"name":"n1","uid":"u","resourceVersion":"9","generation":1},"spec":{},"status":{"proxyVersion":"1"}}"""));
}
