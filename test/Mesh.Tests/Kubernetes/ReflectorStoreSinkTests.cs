// SPDX-License-Identifier: Apache-2.0
using k8s.Models;
using Mesh.Crds.Core;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Sources;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mesh.Tests.Kubernetes;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReflectorStoreSinkTests
{
    private readonly ResourceStore store = new();

    [Test]
    public void Replace_is_one_revision_and_takes_away_what_is_gone()
    {
        var sink = Sink(tellsProblems: false);
        sink.Replace([Pod("a"), Pod("b")]);
        var before = store.Current;

        sink.Replace([Pod("b"), Pod("c")]);

        Assert.That(Names(), Is.EqualTo(["b", "c"]));
        Assert.That(store.Current.Revision, Is.EqualTo(before.Revision.Next()));
        Assert.That(sink.Count, Is.EqualTo(2));
    }

    [Test]
    public void Replace_by_equal_objects_is_no_change()
    {
        var sink = Sink(tellsProblems: false);
        sink.Replace([Pod("a"), Pod("b")]);
        var before = store.Current;

        sink.Replace([Pod("b"), Pod("a")]);

        Assert.That(store.Current, Is.SameAs(before));
    }

    [Test]
    public void Replace_touches_no_other_kind()
    {
        store.Apply(new Service { Metadata = Metadata("a") });

        Sink(tellsProblems: false).Replace([]);

        Assert.That(store.Current.Services, Has.Count.EqualTo(1));
    }

    [Test]
    public void Changes_are_applied_in_their_order()
    {
        var sink = Sink(tellsProblems: false);
        sink.Replace([Pod("a")]);

        sink.Apply([new WatchEvent.Deleted(Pod("a")), new WatchEvent.Changed(Pod("a")), new WatchEvent.Changed(Pod("b")), new WatchEvent.Deleted(Pod("b"))]);

        Assert.That(Names(), Is.EqualTo(["a"]));
    }

    [Test]
    public void Object_without_a_name_that_can_be_read_harms_nothing()
    {
        var sink = Sink(tellsProblems: true);

        sink.Replace([BadPolicy("")]);
        sink.Apply([new WatchEvent.Changed(BadPolicy(""))]);

        Assert.That(store.Current, Is.SameAs(ResourceSet.Empty));
    }

    [Test]
    public void Bad_version_has_problems_and_leaves_the_last_good_one_until_both_are_gone()
    {
        var sink = Sink(tellsProblems: true);
        var key = new ObjectKey("TrafficPolicy", "shop", "p");
        sink.Replace([GoodPolicy("p")]);
        sink.Apply([new WatchEvent.Changed(BadPolicy("p"))]);
        Assert.That((store.Current.TrafficPolicies.ContainsKey(key), store.Current.Problems.ContainsKey(key)), Is.EqualTo((true, true)));

        // A list in which it is still bad is no reason to drop it.
        sink.Replace([BadPolicy("p")]);
        Assert.That((store.Current.TrafficPolicies.ContainsKey(key), store.Current.Problems.ContainsKey(key)), Is.EqualTo((true, true)));

        sink.Replace([]);
        Assert.That((store.Current.TrafficPolicies.ContainsKey(key), store.Current.Problems.ContainsKey(key)), Is.EqualTo((false, false)));
    }

    [Test]
    public void Good_version_clears_the_problems_of_the_bad_one()
    {
        var sink = Sink(tellsProblems: true);
        sink.Replace([BadPolicy("p")]);

        sink.Apply([new WatchEvent.Changed(GoodPolicy("p"))]);

        Assert.That(store.Current.Problems, Is.Empty);
        Assert.That(store.Current.TrafficPolicies, Has.Count.EqualTo(1));
    }

    [Test]
    public void Bad_object_of_Kubernetes_own_gets_no_status()
    {
        var sink = Sink(tellsProblems: false);

        sink.Replace([Pod("a") with { Entity = null, Problems = [new SourceProblem("", 0, "spec", "is bad", 0)] }]);

        Assert.That(store.Current.Problems, Is.Empty);
    }

    private ReflectorStoreSink Sink(bool tellsProblems) => new(store, tellsProblems, NullLogger.Instance);

    private IEnumerable<string> Names() => store.Current.Pods.Keys.Select(key => key.Name).Order(StringComparer.Ordinal);

    private static V1ObjectMeta Metadata(string name) => new() { Name = name, NamespaceProperty = "shop" };

    private static WatchedObject Pod(string name) => new()
    {
        Key = new ObjectKey("Pod", "shop", name),
        Version = "1",
        Entity = new Pod { Metadata = Metadata(name) },
    };

    private static WatchedObject GoodPolicy(string name) => BadPolicy(name) with
    {
        Entity = new TrafficPolicy { Metadata = Metadata(name) },
        Problems = [],
    };

    private static WatchedObject BadPolicy(string name) => new()
    {
        Key = new ObjectKey("TrafficPolicy", "shop", name),
        Version = "1",
        Problems = [new SourceProblem("", 0, "spec", "is bad", 2)],
    };
}
