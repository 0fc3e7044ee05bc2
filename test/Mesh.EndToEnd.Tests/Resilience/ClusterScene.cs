// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Mesh.Echo;
using Mesh.Operator.Sources;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Resilience;

/// <summary>
/// What a cluster has: one service under load with a route and a policy, another that was called once and has a route, and more services, so
/// that a proxy which is sent everything again is sent much.
/// </summary>
/// <param name="Number">Second byte of the services' addresses, so that scenes can be played side by side.</param>
internal sealed record ClusterScene(int Number)
{
    public const string Space = "load";

    private const int Spares = 10;

    public static ObjectKey Policy { get; } = new("TrafficPolicy", Space, "target");

    public static ObjectKey SpareRoute { get; } = new("HTTPRoute", Space, "spare-0");

    /// <summary>Flag of the API server: services that a proxy can listen for.</summary>
    public string Range => Invariant($"--service-cluster-ip-range=127.{Number}.0.0/24");

    public string Client => Invariant($"127.2.{Number}.2");

    public string Url => Invariant($"http://127.{Number}.0.10:8080/");

    public string SpareUrl => Invariant($"http://127.{Number}.0.20:8080/");

    public string PodAddress => Invariant($"127.2.{Number}.1");

    public IReadOnlyList<EchoPod> Pods =>
        [new EchoPod { Namespace = Space, Name = "target-a", Version = "v1", Http = [new IPEndPoint(IPAddress.Parse(PodAddress), 8080)] }];

    /// <summary>All objects but kinds of CRDs; pods get their addresses as a status.</summary>
    public string Core => string.Join("\n---\n",
    [
        $$"""{apiVersion: v1, kind: Namespace, metadata: {name: "{{Space}}"} }""",
        """{apiVersion: v1, kind: Namespace, metadata: {name: mesh-system}}""",
        Service("target", 10), Slice("target"), Pod("target-a"), Pod("client"),
        .. Enumerable.Range(0, Spares).SelectMany(i => new[] { Service(Invariant($"spare-{i}"), 20 + i), Slice(Invariant($"spare-{i}")) }),
    ]);

    /// <summary>Of our kinds and Gateway API's.</summary>
    public static string Custom => string.Join("\n---\n", [LoadScene.Policy(0), Route("target"), Route("spare-0")]);

    public static string Route(string service) =>
        $$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: {{service}}, namespace: {{Space}}}
        spec:
          parentRefs: [{group: "", kind: Service, name: {{service}}, port: 8080}]
          rules:
          - filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-rules, value: "{{service}}"}]} }]
            backendRefs: [{name: {{service}}, port: 8080}]
        """;

    /// <param name="name">Its name.</param>
    /// <param name="host">Last byte of its address.</param>
    public string Service(string name, int host, string space = Space) => Invariant(
        $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: {{name}}, namespace: {{space}}}
        spec:
          clusterIP: 127.{{Number}}.0.{{host}}
          ports: [{name: http, port: 8080}]
        """);

    public string Slice(string service, string space = Space) =>
        $$"""
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: {{service}}-1
          namespace: {{space}}
          labels: {kubernetes.io/service-name: {{service}}}
        addressType: IPv4
        ports: [{name: http, port: 8080}]
        endpoints:
        - addresses: [{{PodAddress}}]
          conditions: {ready: true}
        """;

    private static string Pod(string name) =>
        $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}}, namespace: {{Space}}}
        spec:
          containers: [{name: app, image: app}]
        """;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
