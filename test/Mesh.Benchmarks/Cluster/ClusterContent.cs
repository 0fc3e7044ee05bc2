// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using k8s;
using k8s.Models;
using Mesh.Model;

namespace Mesh.Benchmarks.Cluster;

/// <summary>The cluster to measure: services with ten endpoints and a policy each, and pods, in ten namespaces.</summary>
internal static class ClusterContent
{
    public const int Services = 1000;
    public const int Pods = 5000;
    public const int Endpoints = 10;

    private const int Namespaces = 10;
    private const int AtOnce = 32;
    private const int Port = 8080;
    private const string Group = "mesh.operator.dev";
    private const string Version = "v1alpha1";
    private const string Plural = "trafficpolicies";

    public static ServicePortName PortOf(int service) => new(new ServiceName(Space(service), Name(service)), Port);

    public static string Space(int number) => Invariant($"scale-{number % Namespaces}");

    public static string Name(int service) => Invariant($"s{service}");

    /// <summary>Writes everything; pods get their addresses as a kubelet would report them.</summary>
    public static async Task WriteAsync(IKubernetes client)
    {
        for (var number = 0; number < Namespaces; number++)
        {
            await client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = Space(number) } });
        }

        await EachAsync(Pods, number => PodAsync(client, number));
        await EachAsync(Services, async number =>
        {
            await client.CoreV1.CreateNamespacedServiceAsync(Service(number), Space(number));
            await client.DiscoveryV1.CreateNamespacedEndpointSliceAsync(Slice(number), Space(number));
            await ApplyPolicyAsync(client, number, change: 0);
        });
    }

    /// <summary>What <c>kubectl apply --server-side</c> asks for.</summary>
    public static async Task ApplyPolicyAsync(IKubernetes client, int service, int change)
    {
        var policy = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["apiVersion"] = $"{Group}/{Version}",
            ["kind"] = "TrafficPolicy",
            ["metadata"] = new { name = Name(service), @namespace = Space(service) },
            ["spec"] = new
            {
                targetRefs = new[] { new { group = "", kind = "Service", name = Name(service) } },
                timeouts = new { request = Invariant($"{1000 + change}ms") },
            },
        };
        var patch = new V1Patch(policy, V1Patch.PatchType.ApplyPatch);
        await client.CustomObjects.PatchNamespacedCustomObjectAsync(
            patch, Group, Version, Space(service), Plural, Name(service), fieldManager: "kubectl", force: true);
    }

    /// <summary>How many policies' statuses say of the newest generation that it is in force.</summary>
    public static Task<int> ProgrammedAsync(IKubernetes client) => ProgrammedAsync(client, Plural);

    /// <summary>The same of nodes.</summary>
    public static Task<int> ProgrammedNodesAsync(IKubernetes client) => ProgrammedAsync(client, "meshnodes");

    private static async Task<int> ProgrammedAsync(IKubernetes client, string plural)
    {
        var all = await client.CustomObjects.ListClusterCustomObjectAsync<PolicyList>(Group, Version, plural);
        return all.Items.Count(static item => item.IsProgrammed);
    }

    private static async Task PodAsync(IKubernetes client, int number)
    {
        var name = Invariant($"p{number}");
        var address = Address(number);
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = Name(number % Services) } },
            Spec = new V1PodSpec
            {
                NodeName = Invariant($"node-{number % ClusterNodes.Count}"),
                ServiceAccountName = "default",
                Containers = [new V1Container { Name = "app", Image = "app" }],
            },
        };
        await client.CoreV1.CreateNamespacedPodAsync(pod, Space(number));
        var status = new V1Pod
        {
            Status = new V1PodStatus { Phase = "Running", PodIP = address, PodIPs = [new V1PodIP { Ip = address }], Conditions = [new V1PodCondition { Type = "Ready", Status = "True" }] },
        };
        await client.CoreV1.PatchNamespacedPodStatusAsync(new V1Patch(status, V1Patch.PatchType.MergePatch), name, Space(number));
    }

    private static V1Service Service(int number) => new()
    {
        Metadata = new V1ObjectMeta { Name = Name(number) },
        Spec = new V1ServiceSpec
        {
            Selector = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = Name(number) },
            Ports = [new V1ServicePort { Name = "http", Port = Port, AppProtocol = "http" }],
        },
    };

    private static V1EndpointSlice Slice(int number) => new()
    {
        AddressType = "IPv4",
        Metadata = new V1ObjectMeta
        {
            Name = Invariant($"s{number}-1"),
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["kubernetes.io/service-name"] = Name(number) },
        },
        Ports = [new Discoveryv1EndpointPort { Name = "http", Port = Port, Protocol = "TCP" }],
        Endpoints =
        [
            .. Enumerable.Range(0, Endpoints).Select(i => new V1Endpoint
            {
                Addresses = [Address(number + (i * Services))],
                Conditions = new V1EndpointConditions { Ready = true },
            }),
        ],
    };

    private static string Address(int number) => Invariant($"10.{128 + (number >> 16)}.{number >> 8 & 255}.{number & 255}");

    private static Task EachAsync(int count, Func<int, Task> write) => Parallel.ForAsync(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) => await write(number));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
