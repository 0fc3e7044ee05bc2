// SPDX-License-Identifier: Apache-2.0
using FsCheck;
using FsCheck.Fluent;
using k8s;
using k8s.Models;
using Mesh.Crds.Core;
using Mesh.Crds.Features;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Building.Services;
using Mesh.Operator.Sources;
using Mesh.Testing.Builders;

namespace Mesh.Tests.Building;

/// <summary>The incremental way gives what the full one gives, with unchanged objects taken over.</summary>
public sealed class UpdateTests
{
    /// <summary>Objects in several versions; a change puts one of them in, or takes the object out.</summary>
    private static readonly IKubernetesObject<V1ObjectMeta>[][] Universe =
    [
        [Make.Service("shop/cart", "10.96.0.10", "80"), Make.Service("shop/cart", "10.96.0.10", "80", "3306:mysql"), Make.Service("shop/cart", "None", "80")],
        [Selecting("80"), Selecting("80", "81")],
        [Make.Slice("shop/cart-1", "cart", 8080, Make.Endpoint("10.244.0.1")), Make.Slice("shop/cart-1", "pay", 8080, Make.Endpoint("10.244.0.2"))],
        [Make.Slice("shop/cart-2", "cart", 8080, Make.Endpoint("10.244.0.1"), Make.Endpoint("10.244.0.3"))],
        [Make.Slice("shop/pay-1", "pay", 8080, Make.Endpoint("10.244.0.4")), Make.Slice("shop/pay-1", "nope", 8080, Make.Endpoint("10.244.0.4"))],
        [Make.Pod("shop/p1", "10.244.0.5", ("app", "pay")), Make.Pod("shop/p1", "10.244.0.6", ("app", "pay")), Make.Pod("shop/p1", "10.244.0.5", ("app", "x"))],
        [Make.Pod("shop/p2", "10.244.0.5", ("app", "pay")), Make.Pod("shop/p2", address: null)],
        [Make.Pod("web/p3", "10.244.0.7", ("app", "web")), Make.Pod("web/p3", "10.244.0.7", (EnrolmentLabel.Key, "enabled")), OnNode("n1"), OnNode("n2")],
        [Make.Namespace("web", enrolment: null), Make.Namespace("web", "enabled"), Make.Namespace("web", "nonsense")],
        [Make.Node("n1", "a"), Make.Node("n1", "b"), Make.Node("n1", zone: null)],
        [Make.HttpRoute("shop/r", Make.Parent("cart"), Make.Rule(Make.PathMatch("/a"), Make.Backend("pay"))), Make.HttpRoute("web/r", Make.Parent("shop/cart"))],
        [Make.Policy("shop/a", Timeouts("1s", "cart")), Make.Policy("shop/a", Timeouts("2s", "cart", "pay"))],
        [Make.Policy("shop/b", Timeouts("3s", "cart"), day: 1), Make.Policy("shop/b", Timeouts("bad", "cart"))],
        [new MeshConfiguration { Metadata = Make.Metadata("default"), Spec = new MeshSpec { Defaults = new MeshDefaults { Timeouts = new() { StreamIdle = "1m" } } } }],
    ];

    [Test]
    public void Any_sequence_of_changes_gives_what_a_build_of_the_final_set_gives()
    {
        Prop.ForAll<int[]>(steps =>
        {
            var set = new ResourceSetBuilder();
            var built = BuildResult.Empty;
            foreach (var step in steps)
            {
                var next = ModelBuilder.Update(built, Change(set, step));
                AssertUnchangedIsTheSame(built.Model, next.Model);
                built = next;
            }

            return BuildResults.Difference(built, ModelBuilder.Build(set.Build())).Length == 0;
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void Order_of_the_input_does_not_matter()
    {
        Prop.ForAll<int>(seed =>
        {
            var objects = Universe.Select(versions => versions[0]).ToArray();
            var shuffled = objects.ToArray();
            new System.Random(seed).Shuffle(shuffled);
            return BuildResults.Difference(Built.Of(objects), Built.Of(shuffled)).Length == 0;
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void Slice_change_touches_its_own_ports_only()
    {
        var set = new ResourceSetBuilder().Add(Universe.Select(versions => versions[0]));
        var before = ModelBuilder.Build(set.Build());
        var slice = Make.Slice("shop/cart-1", "cart", 8080, Make.Endpoint("10.244.0.77"));

        var after = ModelBuilder.Update(before, new StoreChange(set.Add(slice).Build(), new HashSet<ObjectKey> { ResourceSetBuilder.KeyOf(slice) }));

        var cart = new ServicePortName(Built.Name("shop/cart"), 80);
        Assert.That(after.Model.Changes, Is.EqualTo(new ModelChanges(before.Model.Revision, [], [cart])));
        Assert.That(after.Model.Services, Is.SameAs(before.Model.Services));
        Assert.That(after.Model.Endpoints[cart].Endpoints.Select(endpoint => endpoint.Address), Is.EqualTo(["10.244.0.1", "10.244.0.3", "10.244.0.77"]));
    }

    [TestCase("10.244.0.7", false)]
    [TestCase("10.244.0.8", true)]
    public void Pod_that_changes_nothing_of_the_mesh_leaves_the_model_as_it_is(string address, bool isNews)
    {
        var set = new ResourceSetBuilder().Add(Built.Cart, Make.Namespace("web", "enabled"), Make.Pod("web/p", "10.244.0.7"));
        var before = ModelBuilder.Build(set.Build());
        var pod = Make.Pod("web/p", address, ("step", "2"));

        var after = ModelBuilder.Update(before, new StoreChange(set.Add(pod).Build(), new HashSet<ObjectKey> { ResourceSetBuilder.KeyOf(pod) }));

        Assert.That(after.Model, isNews ? Is.Not.SameAs(before.Model) : Is.SameAs(before.Model));
        Assert.That(after.Resources.Pods[ResourceSetBuilder.KeyOf(pod)], Is.SameAs(pod));
    }

    [Test]
    public void First_model_is_of_the_revision_of_its_resources_whatever_they_are()
    {
        var resources = ResourceSetBuilder.Of(Make.Namespace("web", "enabled")) with { Revision = new Revision(7) };

        Assert.That(ModelBuilder.Build(resources).Model.Revision, Is.EqualTo(resources.Revision));
        Assert.That(ModelBuilder.Update(BuildResult.Empty, new StoreChange(resources, new HashSet<ObjectKey>())).Model.Revision, Is.EqualTo(resources.Revision));
    }

    [Test]
    public void Service_that_gets_nothing_of_an_address_hears_who_owns_it_now()
    {
        var set = new ResourceSetBuilder().Add("abc".Select(name => Make.Service($"shop/{name}", "10.96.0.10", "80")));
        var before = ModelBuilder.Build(set.Build());
        var gone = new ObjectKey("Service", "shop", "a");

        var after = ModelBuilder.Update(before, new StoreChange(set.Remove(gone).Build(), new HashSet<ObjectKey> { gone }));

        Assert.That(before.Findings("Service", "shop/c")[0], Does.Contain("belongs to Service shop/a already"));
        Assert.That(after.Findings("Service", "shop/c")[0], Does.Contain("belongs to Service shop/b already"));
    }

    [TestCase("80", false)]
    [TestCase("81", true)]
    public void Service_is_news_to_others_only_where_it_says_something_else(string port, bool isNews)
    {
        var set = new ResourceSetBuilder().Add(Make.Service("shop/a", "10.96.0.10", "80"), Make.Service("shop/b", "10.96.0.11", "80"));
        var before = ServiceCatalog.Build(set.Build().Services);
        var again = Make.Service("shop/a", "10.96.0.10", port);
        again.Metadata.Generation = 2;
        var itself = new Fact(Step.Object, ResourceSetBuilder.KeyOf(again));
        var changed = new HashSet<Fact> { itself };

        before.Follow(set.Add(again).Build().Services, changed);

        var others = isNews ? [new Fact(Step.Catalog, itself.Object), new Fact(Step.Catalog, new ObjectKey("Namespace", "", "shop"))] : Array.Empty<Fact>();
        Assert.That(changed, Is.EquivalentTo([itself, .. others]));
    }

    [Test]
    public void Policy_change_names_the_services_that_differ()
    {
        var set = new ResourceSetBuilder().Add(Universe.Select(versions => versions[0]));
        var before = ModelBuilder.Build(set.Build());
        var policy = Make.Policy("shop/c", Timeouts("9s", "pay"));

        var after = ModelBuilder.Update(before, new StoreChange(set.Add(policy).Build(), new HashSet<ObjectKey> { ResourceSetBuilder.KeyOf(policy) }));

        Assert.That(after.Model.Changes, Is.EqualTo(new ModelChanges(before.Model.Revision, [Built.Name("shop/pay")], [])));
        Assert.That(after.Model.Services[Built.Name("shop/cart")], Is.SameAs(before.Model.Services[Built.Name("shop/cart")]));
        Assert.That(after.Model.Endpoints, Is.SameAs(before.Model.Endpoints));
    }

    [Test]
    public void Problem_of_a_slice_comes_and_goes_on_the_short_way()
    {
        var key = new ObjectKey("EndpointSlice", "shop", "cart-1");
        var set = new ResourceSetBuilder().Add(Built.Cart);
        var before = ModelBuilder.Build(set.Build());

        var broken = ModelBuilder.Update(
            before, new StoreChange(set.Problem(key, new SourceProblem("a.yaml", 1, "", "is torn", 0)).Build(), new HashSet<ObjectKey> { key }));
        var mended = ModelBuilder.Update(broken, new StoreChange(set.Problem(key).Build(), new HashSet<ObjectKey> { key }));

        Assert.That(broken.Findings[key][0].Message, Is.EqualTo("is torn (a.yaml:1); there is no earlier version that could serve"));
        Assert.That(mended.Findings, Is.Empty);
    }

    private static StoreChange Change(ResourceSetBuilder set, int step)
    {
        var versions = Universe[(int)((uint)step % (uint)Universe.Length)];
        var version = (int)((uint)step / (uint)Universe.Length % (uint)(versions.Length + 1));
        var key = ResourceSetBuilder.KeyOf(versions[Math.Min(version, versions.Length - 1)]);
        if (version == versions.Length)
        {
            set.Remove(key);
        }
        else
        {
            set.Add(versions[version]);
        }

        return new StoreChange(set.Build(), new HashSet<ObjectKey> { key });
    }

    private static void AssertUnchangedIsTheSame(MeshModel before, MeshModel after)
    {
        if (ReferenceEquals(before, after))
        {
            return;
        }

        foreach (var (name, service) in after.Services)
        {
            if (before.Services.TryGetValue(name, out var old) && old == service)
            {
                Assert.That(service, Is.SameAs(old));
            }
        }

        foreach (var (name, endpoints) in after.Endpoints)
        {
            if (before.Endpoints.TryGetValue(name, out var old) && old == endpoints)
            {
                Assert.That(endpoints, Is.SameAs(old));
            }
        }

        var changed = after.Services.Keys.Union(before.Services.Keys)
            .Where(name => after.Services.GetValueOrDefault(name) != before.Services.GetValueOrDefault(name))
            .Order();
        Assert.That(after.Changes?.Services, Is.EqualTo(changed));
    }

    private static TrafficPolicySpec Timeouts(string request, params string[] services) => new()
    {
        TargetRefs = [.. services.Select(service => Make.Target(PolicyTargetKind.Service, service))],
        Timeouts = new Timeouts { Request = request },
    };

    private static Pod OnNode(string node)
    {
        var pod = Make.Pod("shop/p4", "10.244.0.8", ("app", "pay"), (EnrolmentLabel.Key, "enabled"));
        return new Pod { Metadata = pod.Metadata, Spec = new PodSpec { NodeName = node }, Status = pod.Status };
    }

    private static Service Selecting(params string[] ports)
    {
        var service = Make.Service("shop/pay", "10.96.0.11", ports);
        return new Service
        {
            Metadata = service.Metadata,
            Spec = service.Spec! with { Selector = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "pay" } },
        };
    }
}
