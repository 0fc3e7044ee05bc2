// SPDX-License-Identifier: Apache-2.0
namespace Mesh.EndToEnd.Tests.Crds;

/// <summary>Objects that together give every field that a user can give; <see cref="RoundTripTests"/> sees to "every".</summary>
internal static class FullExamples
{
    private const string Features = """
          timeouts: {request: 10s, streamIdle: 5m, maxStreamDuration: 1h30m, connect: 250ms}
          retries:
            attempts: 3
            retryOn: [Reset, GrpcInternal]
            statusCodes: [503, 504]
            perTryTimeout: 1s
            backoff: {base: 10ms, maximum: 1s}
            budget: {percent: 10, minimumConcurrency: 1}
          loadBalancing:
            algorithm: RingHash
            minimumRingSize: 64
            hashOn:
            - {type: Cookie, name: sid, cookieTTL: 1h}
            - {type: SourceAddress}
          connectionLimits: {maxConnections: 1, maxPendingRequests: 2, maxRequests: 3, maxRequestsPerConnection: 4, maxConnectionsPerEndpoint: 5}
          outlierDetection: {consecutive5xx: 3, consecutiveGatewayErrors: 4, interval: 3s, baseEjectionTime: 4s, maxEjectionPercent: 50}
        """;

    private const string Policy = """
        apiVersion: mesh.operator.dev/v1alpha1
        kind: TrafficPolicy
        metadata: {name: full, namespace: default}
        spec:
          targetRefs:
          - {group: "", kind: Service, name: cart, sectionName: http}
          faultInjection:
            delay: {duration: 1s, percent: 50.5}
            abort: {httpStatus: 503, percent: 40}
          rules:
          - name: first
            matches:
            - path: {type: PathPrefix, value: /a}
              method: PUT
              headers: [{type: Exact, name: h, value: v}]
              queryParams: [{type: Exact, name: q, value: v}]
            filters:
            - type: RequestHeaderModifier
              requestHeaderModifier: {set: [{name: a, value: "1"}], add: [{name: b, value: "2"}], remove: [c]}
            - type: ResponseHeaderModifier
              responseHeaderModifier: {remove: [c]}
            - type: RequestMirror
              requestMirror: {backendRef: {group: "", kind: Service, name: pay, namespace: shop, port: 80}, percent: 10}
            - type: RequestMirror
              requestMirror: {backendRef: {name: pay, port: 80}, fraction: {numerator: 1, denominator: 10}}
            - type: URLRewrite
              urlRewrite: {hostname: x.org, path: {type: ReplaceFullPath, replaceFullPath: /full}}
            backendRefs:
            - group: ""
              kind: Service
              name: cart
              namespace: shop
              port: 80
              weight: 3
              filters: [{type: RequestHeaderModifier, requestHeaderModifier: {remove: [d]}}]
            timeouts: {request: 8s, backendRequest: 5s}
          - matches: [{path: {value: /b}}]
            filters:
            - type: RequestRedirect
              requestRedirect:
                scheme: https
                hostname: y.org
                port: 8443
                statusCode: 307
                path: {type: ReplacePrefixMatch, replacePrefixMatch: /p}
        """;

    private const string PolicyOfOtherChoices = """
        apiVersion: mesh.operator.dev/v1alpha1
        kind: TrafficPolicy
        metadata: {name: other, namespace: default}
        spec:
          targetRefs: [{kind: Service, name: cart}]
          loadBalancing: {choiceCount: 3, slowStart: {window: 30s, minimumWeightPercent: 20}}
          faultInjection: {abort: {grpcStatus: 14}}
        """;

    /// <summary>As little as can be given, for the defaults.</summary>
    private const string SparsePolicy = """
        apiVersion: mesh.operator.dev/v1alpha1
        kind: TrafficPolicy
        metadata: {name: sparse, namespace: default}
        spec:
          targetRefs: [{kind: Service, name: cart}]
          retries: {budget: {}, backoff: {}}
          outlierDetection: {}
          rules: [{}]
        """;

    private const string Mesh = """
        apiVersion: mesh.operator.dev/v1alpha1
        kind: Mesh
        metadata: {name: default}
        spec:
          outboundTraffic: Block
          serviceCIDRs: [10.96.0.0/12]
          podCIDRs: [10.244.0.0/16, "fd00::/8"]
          defaults:
        """;

    private const string SparseMesh = """
        apiVersion: mesh.operator.dev/v1alpha1
        kind: Mesh
        metadata: {name: default}
        """;

    public static IReadOnlyList<string> All { get; } = [$"{Policy}\n{Features}", PolicyOfOtherChoices, SparsePolicy, $"{Mesh}\n{Indented(Features)}", SparseMesh];

    private static string Indented(string text) => string.Join('\n', text.Split('\n').Select(line => $"  {line}"));
}
