// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using k8s;
using k8s.Models;
using Mesh.Crds.Core;
using Mesh.Crds.Features;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Testing.Builders;

namespace Mesh.Tests.Building;

/// <summary>What a change costs; measured by allocations, which a busy machine does not blur.</summary>
[NonParallelizable]
public sealed class UpdateCostTests
{
    [Test]
    public void Cost_of_a_slice_change_does_not_depend_on_the_number_of_services()
    {
        var small = Measure(1000, Slice, HasNewSlice);
        var large = Measure(5000, Slice, HasNewSlice);

        Assert.That(large, Is.LessThan(small * 2));
    }

    [Test]
    public void Cost_of_a_route_change_does_not_depend_on_how_far_defaults_of_the_mesh_reach()
    {
        var small = Measure(1000, Route, HasNewRoute);
        var large = Measure(5000, Route, HasNewRoute);

        Assert.That(large, Is.LessThan(small * 2));
    }

    private static EndpointSlice Slice(int round) =>
        Make.Slice("shop/s7", "s7", 8080, Make.Endpoint(string.Create(CultureInfo.InvariantCulture, $"10.244.9.{round}")));

    private static void HasNewSlice(BuildResult built) => Assert.That(built.Endpoints("shop/s7")[0].Address, Is.EqualTo("10.244.9.199"));

    private static HTTPRoute Route(int round) => Make.HttpRoute(
        "shop/r", Make.Parent("s7", 80), Make.Rule(Make.PathMatch(string.Create(CultureInfo.InvariantCulture, $"/{round}")), Make.Backend("s8")));

    private static void HasNewRoute(BuildResult built)
    {
        Assert.That(built.Rules("shop/s7")[0].Match.Path, Is.EqualTo("/199"));
        // The ports that speak HTTP.
        Assert.That(built.Contributions[new ObjectKey("Mesh", "", "default")].Ports, Has.Count.EqualTo(built.Model.Services.Count * 2));
    }

    private static double Measure(int services, Func<int, IKubernetesObject<V1ObjectMeta>> changeOf, Action<BuildResult> check)
    {
        var defaults = new MeshDefaults { Timeouts = new Timeouts { StreamIdle = "1m" } };
        var set = new ResourceSetBuilder()
            .Add(new MeshConfiguration { Metadata = Make.Metadata("default"), Spec = new MeshSpec { Defaults = defaults } })
            .Add(Enumerable.Range(0, services).SelectMany(Objects));
        var resources = set.Build();
        ModelBuilder.Build(resources);
        var (start, time) = (TimeProvider.System.GetTimestamp(), TimeProvider.System);
        var built = ModelBuilder.Build(resources);
        var full = time.GetElapsedTime(start);

        const int Rounds = 200;
        var changes = new List<StoreChange>();
        for (var round = 0; round < Rounds; round++)
        {
            var changed = changeOf(round);
            changes.Add(new StoreChange(set.Add(changed).Build(), new HashSet<ObjectKey> { ResourceSetBuilder.KeyOf(changed) }));
        }

        built = ModelBuilder.Update(built, changes[0]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        start = time.GetTimestamp();
        foreach (var change in changes)
        {
            built = ModelBuilder.Update(built, change);
        }

        var perUpdate = time.GetElapsedTime(start) / Rounds;
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Rounds;
        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{services} services x 3 ports: full build {full.TotalMilliseconds:F1} ms, one {changes[0].Changed.First().Kind} {perUpdate.TotalMicroseconds:F1} us and {bytes:F0} bytes"));
        check(built);
        return bytes;
    }

    private static IEnumerable<IKubernetesObject<V1ObjectMeta>> Objects(int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"s{number}");
        var address = string.Create(CultureInfo.InvariantCulture, $"10.{96 + (number >> 16)}.{number >> 8 & 255}.{number & 255}");
        yield return Make.Service("shop/" + name, address, "80", "81:grpc", "3306:mysql");
        yield return Make.Slice("shop/" + name, name, 8080, Make.Endpoint("10.244.0.1"), Make.Endpoint("10.244.0.2"));
    }
}
