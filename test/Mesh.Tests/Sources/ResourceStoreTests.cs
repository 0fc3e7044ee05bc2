// SPDX-License-Identifier: Apache-2.0
using k8s.Models;
using Mesh.Crds.Core;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Sources;
using Mesh.Testing;
using ServicePort = Mesh.Crds.Core.ServicePort;

namespace Mesh.Tests.Sources;

public sealed class ResourceStoreTests
{
    private static readonly ObjectKey Cart = new("Service", "shop", "cart");

    [Test]
    public void Apply_of_a_new_object_is_one_revision_with_its_key()
    {
        var store = new ResourceStore();
        var service = Service("cart", 80);

        store.Apply(service);

        var change = store.Take();
        Assert.That(change.Resources.Services[Cart], Is.SameAs(service));
        Assert.That(change.Resources.Revision, Is.EqualTo(new Revision(1)));
        Assert.That(change.Changed, Is.EquivalentTo([Cart]));
    }

    [Test]
    public void Apply_of_equal_content_keeps_revision_and_object_and_wakes_nobody()
    {
        var store = new ResourceStore();
        store.Apply(Service("cart", 80));
        var before = store.Take().Resources;
        var waiting = store.WaitForChangeAsync(CancellationToken.None);
        var again = Service("cart", 80);
        again.Metadata.ResourceVersion = "17";
        again.Metadata.ManagedFields = [new V1ManagedFieldsEntry { Manager = "kubectl" }];

        store.Apply(again);

        Assert.That(store.Current, Is.SameAs(before));
        Assert.That(waiting.IsCompleted, Is.False);
        Assert.That(store.Take().Changed, Is.Empty);
    }

    [Test]
    public void Apply_of_another_status_is_no_change()
    {
        var store = new ResourceStore();
        store.Apply(new TrafficPolicy { Metadata = Meta("retry") });
        var before = store.Current;

        store.Apply(new TrafficPolicy { Metadata = Meta("retry"), Status = new PolicyStatus { Proxies = new ProxyCounts { Desired = 3 } } });

        Assert.That(store.Current, Is.SameAs(before));
    }

    [Test]
    public void Apply_of_another_pod_address_is_a_change_though_it_stands_in_status()
    {
        var store = new ResourceStore();
        store.Apply(new Pod { Metadata = Meta("cart-1"), Status = new PodStatus { PodIP = "10.0.0.1" } });

        store.Apply(new Pod { Metadata = Meta("cart-1"), Status = new PodStatus { PodIP = "10.0.0.2" } });

        Assert.That(store.Current.Pods[new ObjectKey("Pod", "shop", "cart-1")].Status!.PodIP, Is.EqualTo("10.0.0.2"));
    }

    [TestCaseSource(nameof(Changes))]
    public void Apply_of_other_content_is_a_change(Action<Service> change)
    {
        var store = new ResourceStore();
        store.Apply(Service("cart", 80));
        var changed = Service("cart", 80);
        change(changed);

        store.Apply(changed);

        Assert.That(store.Current.Revision, Is.EqualTo(new Revision(2)));
        Assert.That(store.Current.Services[Cart], Is.SameAs(changed));
    }

    public static IEnumerable<TestCaseData> Changes()
    {
        yield return Case("label", s => s.Metadata.Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "b" });
        yield return Case("annotation", s => s.Metadata.Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "b" });
        yield return Case("generation", s => s.Metadata.Generation = 2);

        static TestCaseData Case(string name, Action<Service> change) => new TestCaseData(change).SetArgDisplayNames(name);
    }

    [Test]
    public void Batch_is_one_revision_and_readers_keep_what_they_had()
    {
        var store = new ResourceStore();
        store.Apply(Service("cart", 80));
        var before = store.Current;

        store.Batch(writes =>
        {
            writes.Delete(Cart);
            writes.Apply(Service("catalog", 80));
            writes.Apply(Service("front", 80));
        });

        Assert.That(store.Current.Revision, Is.EqualTo(new Revision(2)));
        Assert.That(store.Current.Services.Keys.Select(k => k.Name), Is.EquivalentTo(["catalog", "front"]));
        Assert.That(before.Services.Keys.Select(k => k.Name), Is.EquivalentTo(["cart"]));
    }

    [Test]
    public void Take_gives_the_keys_since_the_last_take()
    {
        var store = new ResourceStore();
        store.Apply(Service("cart", 80));
        store.Take();
        store.Apply(Service("front", 80));
        store.Delete(Cart);

        var change = store.Take();

        Assert.That(change.Changed, Is.EquivalentTo([Cart, Cart with { Name = "front" }]));
        Assert.That(store.Take().Changed, Is.Empty);
    }

    [Test]
    public void Delete_of_what_is_not_there_is_no_change()
    {
        var store = new ResourceStore();

        store.Delete(Cart);

        Assert.That(store.Current, Is.SameAs(ResourceSet.Empty));
    }

    [Test]
    public void Object_deleted_and_applied_again_unchanged_is_there()
    {
        var store = new ResourceStore();
        store.Apply(Service("cart", 80));
        store.Delete(Cart);

        store.Apply(Service("cart", 80));

        Assert.That(store.Current.Services.Keys, Is.EquivalentTo([Cart]));
    }

    [Test]
    public void Problems_change_the_set_and_none_clears_them()
    {
        var store = new ResourceStore();
        EquatableArray<SourceProblem> problems = [new SourceProblem("a.yaml", 3, "spec", "wrong", 2)];
        store.SetProblems(Cart, problems);
        store.SetProblems(Cart, [new SourceProblem("a.yaml", 3, "spec", "wrong", 2)]);
        var change = store.Take();

        store.SetProblems(Cart, []);

        Assert.That(change.Resources.Problems[Cart], Is.EqualTo(problems));
        Assert.That(change.Resources.Revision, Is.EqualTo(new Revision(1)), "equal problems are no change");
        Assert.That(change.Changed, Is.EquivalentTo([Cart]));
        Assert.That(store.Take().Resources.Problems, Is.Empty);
    }

    [Test]
    public async Task WaitForChange_ends_with_a_write_and_not_again_after_the_take()
    {
        var store = new ResourceStore();
        var waiting = store.WaitForChangeAsync(CancellationToken.None);

        store.Apply(Service("cart", 80));

        await waiting.WithTimeout();
        await store.WaitForChangeAsync(CancellationToken.None).WithTimeout();
        store.Take();
        Assert.That(store.WaitForChangeAsync(CancellationToken.None).IsCompleted, Is.False);
    }

    [Test]
    public void Apply_of_a_type_without_a_place_throws()
    {
        var store = new ResourceStore();

        Assert.That(() => store.Apply(new V1Secret { Metadata = Meta("key") }), Throws.ArgumentException);
    }

    private static Service Service(string name, int port) => new()
    {
        Metadata = Meta(name),
        Spec = new ServiceSpec { ClusterIP = "127.96.0.10", Ports = [new ServicePort { Port = port, TargetPort = port }] },
    };

    private static V1ObjectMeta Meta(string name) => new() { Name = name, NamespaceProperty = "shop" };
}
