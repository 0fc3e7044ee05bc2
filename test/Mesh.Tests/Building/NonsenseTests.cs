// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using k8s.Models;
using Mesh.Crds.Core;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Building;
using Mesh.Testing.Builders;

namespace Mesh.Tests.Building;

/// <summary>Typed objects full of nonsense, as no schema would let them through: the builder is total all the same.</summary>
public sealed class NonsenseTests
{
    private static readonly string?[] Texts =
    [
        null, "", " ", "/", "//", "cart", "shop", "http", "80", "Service", "10.244.0.1", "10.0.0.0/8", "1s", "99999h99999h", "-1s", "(", "(?=x)",
        "a{9999999999}", "[", "\0", "\ud800", ":path", "host", "HTTPRoute", "None", "TCP", "UDP", "é", "%", new string('a', 5000),
    ];

    private static readonly int[] Numbers = [int.MinValue, -1, 0, 1, 80, 65535, 65536, int.MaxValue];

    private static readonly double[] Fractions = [double.NaN, double.NegativeInfinity, -1, 0, 0.00001, 50, 100, 1e300];

    // The nulls below are what a careless deserialiser would hand over; that the types forbid them is the point.
    [Test]
    public void Builder_never_throws([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        var set = new ResourceSetBuilder().Add(Built.Cart);
        for (var i = 0; i < 50; i++)
        {
            set.Add(
                new TrafficPolicy { Metadata = Make.Metadata($"shop/p{i}"), Spec = Some<TrafficPolicySpec>(random) },
                new HTTPRoute { Metadata = Make.Metadata($"shop/h{i}"), Spec = Some<HTTPRouteSpec>(random) },
                new GRPCRoute { Metadata = Make.Metadata($"shop/g{i}"), Spec = Some<GRPCRouteSpec>(random) },
                new Service { Metadata = Make.Metadata($"shop/s{i}"), Spec = Some<ServiceSpec>(random) },
                new Pod { Metadata = Make.Metadata($"shop/pod{i}"), Spec = Some<PodSpec>(random), Status = Some<PodStatus>(random) },
                new EndpointSlice
                {
                    Metadata = Make.Slice($"shop/e{i}", "cart", 1).Metadata,
                    Endpoints = [Some<SliceEndpoint>(random), null!],
                    Ports = [Some<SlicePort>(random), null!],
                });
        }

        set.Add(new MeshConfiguration { Metadata = Make.Metadata("default"), Spec = Some<MeshSpec>(random) });

        Assert.That(() => ModelBuilder.Build(set.Build()), Throws.Nothing);
    }

    [Test]
    public void Objects_without_spec_and_metadata_are_read()
    {
        var set = new ResourceSetBuilder().Add(
            Built.Cart,
            new TrafficPolicy { Metadata = Make.Metadata("shop/p"), Spec = null! },
            new HTTPRoute { Metadata = Make.Metadata("shop/h"), Spec = null! },
            new GRPCRoute { Metadata = Make.Metadata("shop/g"), Spec = null! },
            new Service { Metadata = Make.Metadata("shop/s") },
            new EndpointSlice { Metadata = Make.Metadata("shop/e") },
            new Pod { Metadata = Make.Metadata("shop/pod") },
            new MeshConfiguration { Metadata = Make.Metadata("default"), Spec = null! }).Build();
        foreach (var policy in set.TrafficPolicies.Values)
        {
            policy.Metadata = null!;
        }

        var built = ModelBuilder.Build(set);

        Assert.That(built.Findings("TrafficPolicy", "shop/p"), Is.EqualTo([
            "Accepted Invalid spec: give at least one feature: a policy without any does nothing",
            "Accepted Invalid spec.targetRefs: give at least one target"]));
    }

    private static T Some<T>(Random random)
        where T : class => Any(typeof(T), random, depth: 0, mayBeNull: false) as T ?? throw new InvalidOperationException("no null was asked for");

    private static object? Any(Type type, Random random, int depth, bool mayBeNull = true)
    {
        if (mayBeNull && random.Next(depth < 3 ? 5 : 3) == 0)
        {
            return null;
        }

        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain switch
        {
            _ when plain == typeof(string) => Texts[random.Next(mayBeNull ? 0 : 1, Texts.Length)],
            _ when plain == typeof(int) => Numbers[random.Next(Numbers.Length)],
            _ when plain == typeof(double) => Fractions[random.Next(Fractions.Length)],
            _ when plain == typeof(bool) => random.Next(2) == 0,
            { IsEnum: true } => Enum.ToObject(plain, random.Next(-1, 8)),
            _ when plain == typeof(IntOrString) => (IntOrString)(Texts[random.Next(1, Texts.Length)] ?? ""),
            { IsGenericType: true } when plain.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) => List(plain.GetGenericArguments()[0], random, depth),
            { IsGenericType: true } => new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "x" },
            _ => Record(plain, random, depth),
        };
    }

    private static Array List(Type element, Random random, int depth)
    {
        var list = Array.CreateInstance(element, random.Next(4));
        for (var i = 0; i < list.Length; i++)
        {
            list.SetValue(Any(element, random, depth + 1, mayBeNull: !element.IsValueType), i);
        }

        return list;
    }

    private static object? Record(Type type, Random random, int depth)
    {
        var record = Activator.CreateInstance(type);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            property.SetValue(record, Any(property.PropertyType, random, depth + 1));
        }

        return record;
    }
}
