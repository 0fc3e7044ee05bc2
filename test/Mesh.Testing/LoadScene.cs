// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Mesh.Echo;
using Mesh.Model;

namespace Mesh.Testing;

/// <summary>One service with one pod, a client, and a policy that can be changed: enough to keep requests running through a mesh.</summary>
/// <param name="Number">Third byte of all addresses, so that scenes can be played side by side.</param>
public sealed record LoadScene(int Number)
{
    private const int Port = 8080;

    // No request is to run into it, however busy the machine is.
    private const int ShortestTimeout = 60_000;

    public static ServicePortName Target { get; } = new(new ServiceName("load", "target"), Port);

    public string Client => Invariant($"127.1.{Number}.2");

    public string Url => Invariant($"http://127.96.{Number}.1:{Port}/");

    public IReadOnlyList<EchoPod> Pods =>
        [new EchoPod { Namespace = "load", Name = "target-a", Version = "v1", Http = [new IPEndPoint(IPAddress.Parse(PodAddress), Port)] }];

    public IReadOnlyDictionary<string, string> Files => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["mesh.yaml"] = Objects,
        [PolicyFile] = Policy(0),
    };

    public const string PolicyFile = "policy.yaml";

    /// <summary>The policy's file; each version leads to another route table.</summary>
    public static string Policy(int version) => Invariant(
        $$"""
        apiVersion: mesh.operator.dev/v1alpha1
        kind: TrafficPolicy
        metadata: {name: target, namespace: load}
        spec:
          targetRefs: [{kind: Service, name: target}]
          timeouts:
            request: {{ShortestTimeout + version}}ms
        """);

    private string PodAddress => Invariant($"127.1.{Number}.1");

    private string Objects =>
        $$"""
        apiVersion: v1
        kind: Namespace
        metadata: {name: load}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: target, namespace: load}
        spec:
          clusterIP: 127.96.{{Number}}.1
          selector: {app: target}
          ports:
          - name: http
            port: {{Port}}
            appProtocol: http
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: target-a
          namespace: load
          labels: {app: target}
        status:
          phase: Running
          podIP: {{PodAddress}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: client, namespace: load}
        status:
          phase: Running
          podIP: {{Client}}
        """;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
