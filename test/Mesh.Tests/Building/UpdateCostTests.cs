// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using k8s;
using k8s.Models;
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
        var small = Measure(1000);
        var large = Measure(5000);

        Assert.That(large, Is.LessThan(small * 2));
    }

    private static double Measure(int services)
    {
        var set = new ResourceSetBuilder().Add(Enumerable.Range(0, services).SelectMany(Objects));
        var resources = set.Build();
        ModelBuilder.Build(resources);
        var (start, time) = (TimeProvider.System.GetTimestamp(), TimeProvider.System);
        var built = ModelBuilder.Build(resources);
        var full = time.GetElapsedTime(start);

        const int Rounds = 200;
        var changes = new List<StoreChange>();
        for (var round = 0; round < Rounds; round++)
        {
            var slice = Make.Slice("shop/s7", "s7", 8080, Make.Endpoint(string.Create(CultureInfo.InvariantCulture, $"10.244.9.{round}")));
            changes.Add(new StoreChange(set.Add(slice).Build(), new HashSet<ObjectKey> { ResourceSetBuilder.KeyOf(slice) }));
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
            $"{services} services x 3 ports: full build {full.TotalMilliseconds:F1} ms, one slice {perUpdate.TotalMicroseconds:F1} us and {bytes:F0} bytes"));
        Assert.That(built.Endpoints("shop/s7")[0].Address, Is.EqualTo("10.244.9.199"));
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
