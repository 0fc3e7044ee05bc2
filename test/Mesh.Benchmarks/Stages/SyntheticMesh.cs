// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using k8s;
using k8s.Models;
using Mesh.Crds.Core;
using Mesh.Crds.Features;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Sources;
using Mesh.Testing.Builders;

namespace Mesh.Benchmarks.Stages;

/// <summary>Services with 3 ports and 10 endpoints each, no policies.</summary>
internal static class SyntheticMesh
{
    private const int Endpoints = 10;
    private const int Changed = 7;

    public static ResourceSetBuilder Build(int services) =>
        new ResourceSetBuilder().Add(Enumerable.Range(0, services).SelectMany(Objects));

    /// <summary>Puts another address into one slice.</summary>
    public static StoreChange ChangeOneSlice(ResourceSetBuilder mesh, int version)
    {
        var slice = Slice(Changed, Invariant($"10.255.0.{version}"));
        return new StoreChange(mesh.Add(slice).Build(), new HashSet<ObjectKey> { ResourceSetBuilder.KeyOf(slice) });
    }

    /// <summary>The same with a policy for each service.</summary>
    public static ResourceSetBuilder BuildRuled(int services) => Build(services).Add(Enumerable.Range(0, services).Select(number => Policy(number, "1s")));

    /// <summary>Puts another time limit into one policy.</summary>
    public static StoreChange ChangeOnePolicy(ResourceSetBuilder mesh, string limit)
    {
        var policy = Policy(Changed, limit);
        return new StoreChange(mesh.Add(policy).Build(), new HashSet<ObjectKey> { ResourceSetBuilder.KeyOf(policy) });
    }

    private static TrafficPolicy Policy(int number, string limit) => Make.Policy(
        Invariant($"shop/s{number}"),
        new TrafficPolicySpec { TargetRefs = [Make.Target(PolicyTargetKind.Service, Invariant($"s{number}"), "80")], Timeouts = new Timeouts { Request = limit } });

    private static IEnumerable<IKubernetesObject<V1ObjectMeta>> Objects(int number)
    {
        // Service addresses of the file mode, so that loopback capture has listeners to make.
        yield return Make.Service(
            Invariant($"shop/s{number}"), Invariant($"127.{100 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"), "80:http", "81:grpc", "3306:mysql");
        yield return Slice(number, Address(number * Endpoints));
    }

    private static EndpointSlice Slice(int number, string first)
    {
        var addresses = Enumerable.Range(1, Endpoints - 1).Select(i => Address((number * Endpoints) + i)).Prepend(first);
        var metadata = Make.Metadata(Invariant($"shop/s{number}-1"));
        metadata.Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [EndpointSlice.ServiceNameLabel] = Invariant($"s{number}") };
        return new EndpointSlice
        {
            Metadata = metadata,
            AddressType = "IPv4",
            Endpoints = [.. addresses.Select(address => Make.Endpoint(address))],
            Ports = [Port("http", 8080), Port("grpc", 8081), Port("mysql", 3306)],
        };
    }

    private static SlicePort Port(string name, int number) => new() { Name = name, Port = number, Protocol = "TCP" };

    private static string Address(int number) => Invariant($"10.{128 + (number >> 16)}.{number >> 8 & 255}.{number & 255}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
