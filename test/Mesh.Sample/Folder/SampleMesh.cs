// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Mesh.Echo;
using YamlDotNet.RepresentationModel;

namespace Mesh.Sample.Folder;

/// <summary>What the sample plays and calls, as its YAML says.</summary>
internal sealed record SampleMesh
{
    public required IReadOnlyList<EchoPod> Pods { get; init; }

    public required IReadOnlyList<CallTarget> Targets { get; init; }

    /// <summary>The address of the pod that makes the calls.</summary>
    public required IPAddress Client { get; init; }

    /// <summary>Routes and policies ("Kind namespace/name"): each must get a status.</summary>
    public required IReadOnlyList<string> Expected { get; init; }

    public static SampleMesh Read(string folder, string clientApp)
    {
        var documents = YamlNodes.ReadFolder(folder).ToList();
        var services = documents.Where(document => document.Text("kind") == "Service").ToList();
        var pods = documents.Where(document => document.Text("kind") == "Pod").ToList();
        var client = pods.FirstOrDefault(pod => pod.Text("metadata", "labels", "app") == clientApp)?.Text("status", "podIP");
        return new SampleMesh
        {
            Pods = [.. pods.Select(pod => PodOf(pod, services))],
            Targets = [.. TargetsOf(services, documents, clientApp)],
            Client = client is null ? IPAddress.Loopback : IPAddress.Parse(client),
            Expected = [.. documents.Where(IsJudged).Select(NameOf).Order(StringComparer.Ordinal)],
        };
    }

    public static string NameOf(YamlNode document) =>
        $"{document.Text("kind")} {(document.Text("metadata", "namespace") is { } space ? space + "/" : "")}{document.Text("metadata", "name")}";

    private static bool IsJudged(YamlNode document) => document.Text("kind") is "HTTPRoute" or "GRPCRoute" or "TrafficPolicy" or "Mesh";

    private static EchoPod PodOf(YamlNode pod, List<YamlNode> services)
    {
        var address = IPAddress.Parse(pod.Text("status", "podIP") ?? "127.0.0.1");
        var ports = services.Where(service => Selects(service, pod)).SelectMany(service => service.Items("spec", "ports"))
            .Select(port => (Number: Port(port.Text("targetPort") ?? port.Text("port")), IsGrpc: IsGrpc(port))).Distinct().ToList();
        return new EchoPod
        {
            Namespace = pod.Text("metadata", "namespace") ?? "default",
            Name = pod.Text("metadata", "name") ?? "",
            Version = pod.Text("metadata", "labels", "version") ?? "",
            Service = pod.Text("metadata", "labels", "app") ?? "",
            Http = [.. ports.Where(port => !port.IsGrpc).Select(port => new IPEndPoint(address, port.Number))],
            Grpc = [.. ports.Where(port => port.IsGrpc).Select(port => new IPEndPoint(address, port.Number))],
        };
    }

    /// <summary>Every port of every service that is not a mere part of another one's split, and not the caller's own.</summary>
    private static IEnumerable<CallTarget> TargetsOf(List<YamlNode> services, List<YamlNode> documents, string clientApp)
    {
        var routes = documents.Where(document => document.Text("kind") == "HTTPRoute").ToList();
        var parts = routes.SelectMany(route => route.Items("spec", "rules")).SelectMany(rule => rule.Items("backendRefs"))
            .Select(backend => backend.Text("name")).ToHashSet(StringComparer.Ordinal);
        foreach (var service in services.Where(service => !parts.Contains(service.Text("metadata", "name"))))
        {
            if (service.Text("spec", "selector", "app") == clientApp || service.Text("spec", "clusterIP") is not { } address)
            {
                continue;
            }

            foreach (var port in service.Items("spec", "ports"))
            {
                yield return new CallTarget
                {
                    Service = service.Text("metadata", "name") ?? "",
                    Address = new IPEndPoint(IPAddress.Parse(address), Port(port.Text("port"))),
                    IsGrpc = IsGrpc(port),
                };
            }
        }
    }

    private static bool Selects(YamlNode service, YamlNode pod)
    {
        var selector = service.Texts("spec", "selector");
        var labels = pod.Texts("metadata", "labels");
        return selector.Count > 0 && selector.All(pair => labels.GetValueOrDefault(pair.Key) == pair.Value);
    }

    private static bool IsGrpc(YamlNode port) => port.Text("appProtocol") is "grpc" or "kubernetes.io/h2c";

    private static int Port(string? text) => int.Parse(text ?? "80", NumberStyles.None, CultureInfo.InvariantCulture);
}

/// <summary>A service port that the sample calls.</summary>
internal sealed record CallTarget
{
    public required string Service { get; init; }

    public required IPEndPoint Address { get; init; }

    public required bool IsGrpc { get; init; }

    public string Name => $"{Service} {(IsGrpc ? "grpc" : "http")}://{Address}";
}
