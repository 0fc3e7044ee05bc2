// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Sources;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>Kinds that come and go with their CRDs, and objects that are not as they should be.</summary>
internal sealed class OptionalKindTests
{
    private static readonly ObjectKey Route = new("HTTPRoute", Objects.Space, "cart");
    private static readonly ObjectKey Good = new("TrafficPolicy", Objects.Space, "good");
    private static readonly ObjectKey Bad = new("TrafficPolicy", Objects.Space, "bad");

    [Test]
    public async Task Kinds_without_a_CRD_hold_up_nothing_and_are_picked_up_and_dropped_with_it()
    {
        var definition = Definitions.GatewayApi("httproutes");
        await using var server = await TestApiServer.StartAsync();
        using var client = server.Client();
        await Objects.CreateSpaceAsync(client);
        await using var source = RunningSource.Start(server);

        await source.Synced.WithTimeout();
        await source.Logs.LineAsync(
            "Warning TrafficPolicy: the API server does not know this kind (trafficpolicies.mesh.operator.dev); until it does there are none. "
            + "To have it: kubectl apply --server-side -f crds/manifests");
        await source.Logs.LineAsync("Information HTTPRoute: the API server does not know this kind");

        await server.DefineAsync(definition);
        await server.ApplyAsync(RouteYaml);
        var state = await source.StateAsync(state => state.HttpRoutes.ContainsKey(Route));
        Assert.That(state.Problems, Is.Empty);

        await server.KubectlAsync("delete", "-f", definition);
        await source.StateAsync(state => state.HttpRoutes.IsEmpty);

        await server.DefineAsync(definition);
        await server.ApplyAsync(RouteYaml);
        await source.StateAsync(state => state.HttpRoutes.ContainsKey(Route));
        Assert.That(source.Requests.Of("httproutes").Count(), Is.LessThan(30), "it is not looked for all the time");
    }

    [Test]
    public async Task Bad_object_is_told_at_its_place_and_keeps_its_last_good_version()
    {
        await using var server = await TestApiServer.StartAsync();
        using var client = server.Client();
        await Objects.CreateSpaceAsync(client);
        await DefineLaxlyAsync(server);
        await server.ApplyAsync(Objects.Policy("bad", "{targetRefs: [{kind: Service, name: cart}], retries: {attempts: many}}"));
        await server.ApplyAsync(Objects.Policy("good", "{targetRefs: [{kind: Service, name: good}], retries: {attempts: 3}}"));
        await using var source = RunningSource.Start(server);

        await source.Synced.WithTimeout();
        var state = source.Store.Current;
        Assert.That(state.TrafficPolicies.Keys, Is.EqualTo([Good]));
        Assert.That(state.Problems[Bad].Single(), Is.EqualTo(
            new SourceProblem("", 0, "spec.retries.attempts", "must be an integer, is the text \"many\"", 1)));

        await server.ApplyAsync(Objects.Policy("bad", "{targetRefs: [{kind: Service, name: cart}], retries: {attempts: 2}}"));
        state = await source.StateAsync(state => state.TrafficPolicies.ContainsKey(Bad));
        Assert.That(state.Problems, Is.Empty);

        await server.ApplyAsync(Objects.Policy("bad", "{targetRefs: [{kind: Service, name: cart}], retries: {attempts: [1]}}"));
        state = await source.StateAsync(state => state.Problems.ContainsKey(Bad));
        Assert.That(state.TrafficPolicies[Bad].Spec.Retries?.Attempts, Is.EqualTo(2));
        Assert.That(state.Problems[Bad].Single().Generation, Is.EqualTo(3));

        await server.KubectlAsync("delete", "trafficpolicies", "bad", "-n", Objects.Space);
        state = await source.StateAsync(state => state.Problems.IsEmpty);
        Assert.That(state.TrafficPolicies.Keys, Is.EqualTo([Good]));
    }

    [Test]
    public async Task Role_that_hides_the_CRDs_does_not_keep_the_rest_from_being_read()
    {
        await using var server = await TestApiServer.StartAsync();
        using var client = server.Client();
        await Objects.CreateSpaceAsync(client);
        await Objects.CreateAccountAsync(client, "operator");
        await server.ApplyAsync(ModestRole);
        var token = (await server.KubectlAsync("create", "token", "operator", "-n", Objects.Space)).Trim();
        await using var source = RunningSource.Start(server, token: token);

        await source.Synced.WithTimeout();
        await source.Logs.LineAsync("CustomResourceDefinition: the operator's role does not allow to watch it");
        Assert.That(source.Store.Current.ServiceAccounts, Does.ContainKey(Objects.Account("operator")));
    }

    private const string RouteYaml =
        $$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: cart, namespace: {{Objects.Space}}}
        spec:
          parentRefs: [{group: "", kind: Service, name: cart, port: 80}]
          rules:
          - backendRefs: [{name: cart-v1, port: 80, weight: 1}]
        """;

    private const string ModestRole =
        $$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: modest}
        rules:
        - apiGroups: ["", discovery.k8s.io, gateway.networking.k8s.io, mesh.operator.dev]
          resources: ["*"]
          verbs: [list, watch]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: modest}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: modest}
        subjects: [{kind: ServiceAccount, name: operator, namespace: {{Objects.Space}}}]
        """;

    /// <summary>Our kind by a CRD that says nothing of its fields, as one of another release may.</summary>
    private static async Task DefineLaxlyAsync(TestApiServer server)
    {
        using var file = new TemporaryFile(
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: trafficpolicies.mesh.operator.dev}
            spec:
              group: mesh.operator.dev
              scope: Namespaced
              names: {kind: TrafficPolicy, plural: trafficpolicies, singular: trafficpolicy, listKind: TrafficPolicyList}
              versions:
              - name: v1alpha1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, x-kubernetes-preserve-unknown-fields: true}}}}
            """);
        await server.DefineAsync(file.Path);
    }

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(string text) => File.WriteAllText(Path, text);

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"mesh-{Guid.NewGuid():N}.yaml");

        public void Dispose() => File.Delete(Path);
    }
}
