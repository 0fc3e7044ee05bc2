// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Mesh.Crds.V1Alpha1;
using Mesh.Echo;
using Mesh.Operator.Sources.Yaml;

namespace Mesh.EndToEnd.Tests.Conformance;

/// <summary>
/// Plays the cluster of Gateway API's mesh conformance tests: their Services get loopback addresses, their Deployments a pod each that an
/// echo server plays. The inputs themselves are read from where they are and are no part of this project.
/// </summary>
internal static class ConformanceCluster
{
    public const string Namespace = "gateway-conformance-mesh";
    public const string ConsumerNamespace = "gateway-conformance-mesh-consumer";

    // The client of a check is the pod echo-v1 of one of the namespaces, as in the conformance suite.
    public const string ProducerClient = "127.1.200.1";
    public const string EchoV2Pod = "127.1.200.2";
    public const string ConsumerClient = "127.1.200.3";

    private static readonly Dictionary<string, string> ServiceAddresses = new(StringComparer.Ordinal)
    {
        ["echo"] = "127.96.200.1",
        ["echo-v1"] = "127.96.200.2",
        ["echo-v2"] = "127.96.200.3",
    };

    public static string AddressOf(string service) => ServiceAddresses[service];

    public static IReadOnlyList<EchoPod> Pods { get; } =
    [
        Pod(Namespace, "echo-v1", ProducerClient),
        Pod(Namespace, "echo-v2", EchoV2Pod),
        Pod(ConsumerNamespace, "echo-v1", ConsumerClient),
    ];

    /// <summary>The objects that a cluster would have made of the base manifests, as YAML.</summary>
    public static string Manifests(string baseManifests)
    {
        var documents = baseManifests.Split("\n---", StringSplitOptions.RemoveEmptyEntries);
        var text = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var document in documents)
        {
            var root = YamlReader.Read(document).Root;
            var name = (string?)root?["metadata"]?["name"];
            if ((string?)root?["kind"] == "Service")
            {
                root!["spec"]!["clusterIP"] = ServiceAddresses[name!];
                text.WriteLine($"---\n{root.ToJsonString()}");
            }
            else if ((string?)root?["kind"] == "Namespace")
            {
                // The suite leaves it to the mesh how namespaces are enrolled.
                root!["metadata"]!["labels"] = new JsonObject { [EnrolmentLabel.Key] = EnrolmentLabel.Enabled };
                text.WriteLine($"---\n{root.ToJsonString()}");
            }
        }

        foreach (var pod in Pods)
        {
            text.WriteLine($$"""
                ---
                apiVersion: v1
                kind: Pod
                metadata:
                  name: {{pod.Name}}
                  namespace: {{pod.Namespace}}
                  labels: {app: echo, version: {{pod.Version}}}
                status: {podIP: {{pod.Http[0].Address}}, phase: Running}
                """);
        }

        return text.ToString();
    }

    private static EchoPod Pod(string space, string name, string address)
    {
        var ip = IPAddress.Parse(address);
        return new EchoPod
        {
            Namespace = space,
            Name = name,
            Version = name.Split('-')[^1],
            Service = name,
            Http = [new IPEndPoint(ip, 8080)],
            Grpc = [new IPEndPoint(ip, 7070)],
            Tcp = [new IPEndPoint(ip, 9090), new IPEndPoint(ip, 8443)],
        };
    }
}
