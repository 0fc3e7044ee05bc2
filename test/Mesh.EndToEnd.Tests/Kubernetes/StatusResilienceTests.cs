// SPDX-License-Identifier: Apache-2.0
using k8s;
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Replicas;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>Who writes, and what happens when somebody or something is away.</summary>
internal sealed class StatusResilienceTests
{
    private StatusCluster cluster = null!; // set before every test

    [SetUp]
    public async Task StartAsync()
    {
        cluster = await StatusCluster.StartAsync(withRoutes: false);
        await cluster.Server.ApplyAsync(StatusCluster.Policy("cart", "5s"));
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }
    }

    [Test]
    public async Task Replica_takes_over_from_a_leader_that_is_cut_off()
    {
        await using var first = await StatusReplica.StartAsync(cluster, "first", StatusCluster.Service, StatusCluster.Policy("cart", "5s"));
        await cluster.ProgrammedAsync("trafficpolicy/cart");
        await using var second = await StatusReplica.StartAsync(cluster, "second", StatusCluster.Service, StatusCluster.Policy("cart", "5s"));
        await second.Traffic.WaitAsync(request => request.StartsWith("GET /apis/coordination.k8s.io", StringComparison.Ordinal));
        Assert.That((first.IsLeader, second.IsLeader), Is.EqualTo((true, false)));

        first.Traffic.Cut();
        await first.LeadsAsync(false);
        await second.LeadsAsync(true);
        await first.Mesh.WriteAsync("1.yaml", StatusCluster.Policy("cart", "6s"));
        await second.Mesh.WriteAsync("1.yaml", StatusCluster.Policy("cart", "6s"));
        await cluster.ProgrammedAsync("trafficpolicy/cart", generation: 2);

        Assert.That(first.IsLeader, Is.False);
        Assert.That(await LeaseAsync("{.spec.holderIdentity} {.spec.leaseTransitions}"), Is.EqualTo("second 1"));
    }

    [Test]
    public async Task Stopped_leader_makes_room_at_once()
    {
        // Nobody waits for a lease of a minute to run out.
        var slow = new LeaderElectionOptions { Duration = TimeSpan.FromMinutes(1), RenewDeadline = TimeSpan.FromSeconds(40), Retry = TimeSpan.FromMilliseconds(300) };
        var access = KubernetesClientConfiguration.BuildConfigFromConfigFile(cluster.Server.Kubeconfig);
        var first = await StatusReplica.StartAsync(access, new ReplicaOptions("first") { Election = slow }, StatusCluster.Service);
        await first.LeadsAsync(true);
        await using var second = await StatusReplica.StartAsync(
            access, new ReplicaOptions("second") { Election = slow }, StatusCluster.Service, StatusCluster.Policy("cart", "5s"));

        await first.DisposeAsync();
        await second.LeadsAsync(true);

        await cluster.ProgrammedAsync("trafficpolicy/cart");
    }

    [Test]
    public async Task Newest_status_is_written_when_the_api_server_is_back()
    {
        await using var replica = await StatusReplica.StartAsync(cluster, "a", StatusCluster.Service, StatusCluster.Policy("cart", "5s"));
        await cluster.ProgrammedAsync("trafficpolicy/cart");

        await cluster.Server.StopServerAsync();
        foreach (var generation in new[] { 2, 3 })
        {
            await replica.Mesh.WriteAsync("1.yaml", StatusCluster.Policy("cart", $"{generation}s"));
            await replica.Mesh.ProgrammedAsync(new Operator.Sources.ObjectKey("TrafficPolicy", "shop", "cart"), generation);
        }

        await replica.LeadsAsync(false);
        await cluster.Server.StartServerAsync();
        await cluster.ProgrammedAsync("trafficpolicy/cart", generation: 3);

        Assert.That(replica.Logs.Lines, Has.Some.Contains("The lease mesh-system/mesh-operator could not be read or written"));
    }

    [Test]
    public async Task Cluster_without_gateway_apis_kinds_is_no_trouble()
    {
        await using var replica = await StatusReplica.StartAsync(cluster, "a", StatusCluster.Service, StatusCluster.Route, StatusCluster.Policy("cart", "5s"));

        await cluster.ProgrammedAsync("trafficpolicy/cart");
        await replica.Traffic.WaitAsync(request => request == "GET /apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes/cart 404");

        Assert.That(replica.Warnings, Is.Empty);
    }

    [Test]
    public async Task Missing_permission_is_told_with_what_would_help_and_holds_up_nothing_else()
    {
        await cluster.Server.ApplyAsync(StatusCluster.Mesh);
        await cluster.Server.ApplyAsync(Rights);
        var access = KubernetesClientConfiguration.BuildConfigFromConfigFile(cluster.Server.Kubeconfig);
        access.AccessToken = (await cluster.Server.KubectlAsync("create", "token", "operator", "-n", "mesh-system")).Trim();

        await using var replica = await StatusReplica.StartAsync(
            access, new ReplicaOptions("a"), StatusCluster.Service, StatusCluster.Mesh, StatusCluster.Policy("cart", "5s"));
        var line = await replica.Logs.LineAsync("Status of TrafficPolicy shop/cart could not be written");
        await cluster.WaitAsync("jsonpath={.status.observedGeneration}=1", "mesh/default");

        Assert.That(line, Does.Contain("cannot patch resource \"trafficpolicies/status\"").And.Contain(
            "allow the operator to get, list and patch trafficpolicies and trafficpolicies/status of mesh.operator.dev"));
    }

    [Test]
    public async Task Node_that_does_not_come_back_is_disconnected_and_later_deleted()
    {
        await cluster.Server.ApplyAsync(
            """
            apiVersion: mesh.operator.dev/v1alpha1
            kind: MeshNode
            metadata: {name: old}
            """);
        const string connected =
            """{"status":{"proxyVersion":"1.39.0","conditions":[{"type":"Connected","status":"True","reason":"Connected","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}""";
        await cluster.Server.KubectlAsync("patch", "meshnode", "old", "--subresource=status", "--type=merge", "-p", connected);
        var options = new StatusWriteOptions { Return = TimeSpan.FromMilliseconds(100), NodeKept = TimeSpan.FromSeconds(1) };
        var access = KubernetesClientConfiguration.BuildConfigFromConfigFile(cluster.Server.Kubeconfig);

        await using var replica = await StatusReplica.StartAsync(access, new ReplicaOptions("a") { Writing = options }, StatusCluster.Service);
        var requests = await replica.Traffic.WaitAsync(request => request.StartsWith("DELETE ", StringComparison.Ordinal));

        Assert.That(requests.Where(static request => request.Contains("/meshnodes/old", StringComparison.Ordinal)), Is.EqualTo(
        [
            "PATCH /apis/mesh.operator.dev/v1alpha1/meshnodes/old/status 200", "DELETE /apis/mesh.operator.dev/v1alpha1/meshnodes/old 200",
        ]));
    }

    [Test]
    public async Task New_leader_that_could_not_list_nodes_at_once_still_waits_for_the_proxies_of_others()
    {
        await cluster.Server.ApplyAsync("{apiVersion: mesh.operator.dev/v1alpha1, kind: MeshNode, metadata: {name: other}}");
        const string connected =
            """{"status":{"proxyVersion":"1.40.0","conditions":[{"type":"Connected","status":"True","reason":"Connected","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}""";
        await cluster.Server.KubectlAsync("patch", "meshnode", "other", "--subresource=status", "--type=merge", "-p", connected);
        var lists = 0;
        var options = new ReplicaOptions("a")
        {
            Fleet = new FleetOptions { Join = TimeSpan.FromMinutes(10) },
            Before = request => request.RequestUri!.AbsolutePath.EndsWith("/meshnodes", StringComparison.Ordinal) && Interlocked.Increment(ref lists) <= 2
                ? throw new HttpRequestException("Not now.")
                : Task.CompletedTask,
        };

        var access = KubernetesClientConfiguration.BuildConfigFromConfigFile(cluster.Server.Kubeconfig);
        await using var replica = await StatusReplica.StartAsync(access, options, StatusCluster.Service, StatusCluster.Policy("cart", "5s"));
        await cluster.WaitAsync("jsonpath={.status.summary.proxies}=1/2", "trafficpolicy/cart");

        Assert.That(lists, Is.GreaterThanOrEqualTo(3));
    }

    private const string Rights =
        """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: operator, namespace: mesh-system}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: operator}
        rules:
        - {apiGroups: [mesh.operator.dev], resources: [meshes, trafficpolicies, meshnodes], verbs: [get, list, create, patch, delete]}
        - {apiGroups: [mesh.operator.dev], resources: [meshes/status, meshnodes/status], verbs: [patch]}
        - {apiGroups: [gateway.networking.k8s.io], resources: [httproutes, grpcroutes], verbs: [get, list]}
        - {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, create, update]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: operator}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: operator}
        subjects: [{kind: ServiceAccount, name: operator, namespace: mesh-system}]
        """;

    private async Task<string> LeaseAsync(string path) =>
        (await cluster.Server.KubectlAsync("get", "lease", "mesh-operator", "-n", "mesh-system", "-o", $"jsonpath={path}")).Trim();
}
