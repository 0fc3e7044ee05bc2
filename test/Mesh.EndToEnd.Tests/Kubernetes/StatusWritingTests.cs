// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using k8s;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Sources;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>Statuses as users and tools read them from the API server.</summary>
internal sealed class StatusWritingTests
{
    private const string PayService =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: pay, namespace: shop}
        spec: {clusterIP: 127.96.161.2, ports: [{port: 8080, appProtocol: kubernetes.io/h2c}]}
        """;

    // kubectl's conditions are those of status.conditions, which a route does not have.
    private const string ProgrammedParent =
        "jsonpath={.status.parents[?(@.controllerName==\"" + ApiGroup.ControllerName + "\")].conditions[?(@.type==\"Programmed\")].status}=True";

    private StatusCluster cluster = null!; // set before every test

    [SetUp]
    public async Task StartAsync() => cluster = await StatusCluster.StartAsync(withRoutes: true);

    [TearDown]
    public async Task StopAsync()
    {
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }
    }

    [Test]
    public async Task Each_kind_is_programmed_and_printed()
    {
        var options = new ReplicaOptions("a") { Envoy = PinnedEnvoy.RequireBinary() };
        var policy = StatusCluster.Policy("cart", "5s");
        foreach (var yaml in new[] { StatusCluster.Mesh, policy, StatusCluster.Route, StatusCluster.GrpcRoute })
        {
            await cluster.Server.ApplyAsync(yaml);
        }

        await using var replica = await StatusReplica.StartAsync(
            Access(), options, StatusCluster.Mesh, StatusCluster.Service, PayService, policy, StatusCluster.Route, StatusCluster.GrpcRoute);

        await cluster.ProgrammedAsync("trafficpolicy/cart");
        await cluster.WaitAsync("condition=Ready", "trafficpolicy/cart");
        await cluster.WaitAsync("create", "meshnode/test");
        await cluster.ProgrammedAsync("meshnode/test");
        await cluster.WaitAsync(ProgrammedParent, "httproute/cart");
        await cluster.WaitAsync(ProgrammedParent, "grpcroute/pay");
        await cluster.ProgrammedAsync("mesh/default");
        Assert.That(await ColumnsAsync("trafficpolicy"), Is.EqualTo("NAME TARGET ACCEPTED PROGRAMMED PROXIES AGE\ncart Service/cart True True 1/1 …"));
        Assert.That(await ColumnsAsync("mnode"), Is.EqualTo("NAME CONNECTED SINCE ENVOY PROGRAMMED CONFIG-AGE REJECTED AGE\ntest True … 1.40.0 True … 0 …"));
        Assert.That(await cluster.Server.KubectlAsync("get", "mesh-operator", "-A"), Does.Contain("meshnode").And.Contain("trafficpolicy").And.Contain("mesh.mesh"));
        Assert.That(Managers(await cluster.ReadAsync("trafficpolicy", "cart")), Is.EqualTo(["mesh-operator status", "user "]));
        Assert.That(replica.Warnings, Is.Empty);
    }

    [Test]
    public async Task Object_that_no_proxy_takes_is_stalled_and_has_an_event()
    {
        var bad = StatusCluster.Policy("late", "5s");
        await cluster.Server.ApplyAsync(StatusCluster.Policy("cart", "5s"));
        await cluster.Server.ApplyAsync(bad);
        await using var replica = await StatusReplica.StartAsync(cluster, "a", StatusCluster.Service, StatusCluster.Policy("cart", "5s"), bad);

        await cluster.WaitAsync("condition=Stalled", "trafficpolicy/late");
        await replica.Traffic.WaitAsync(request => request == "POST /apis/events.k8s.io/v1/namespaces/shop/events 201");
        var events = JsonNode.Parse(await cluster.Server.KubectlAsync("get", "events.events.k8s.io", "-n", "shop", "-o", "json"))!["items"]!.AsArray();

        Assert.That(events.Select(told => $"{told!["type"]} {told["reason"]} {told["regarding"]!["kind"]}/{told["regarding"]!["name"]}"), Is.EqualTo(["Warning Conflicted TrafficPolicy/late"]));
        Assert.That((string?)events[0]!["note"], Does.StartWith("Accepted is False: spec.targetRefs[0]: shop/cart targets Service/cart as well"));
        Assert.That((string?)events[0]!["regarding"]!["uid"], Is.EqualTo((string?)(await cluster.ReadAsync("trafficpolicy", "late"))["metadata"]!["uid"]));
    }

    [Test]
    public async Task Entry_of_another_controller_survives_also_when_it_writes_between_our_read_and_our_write()
    {
        await cluster.Server.ApplyAsync(StatusCluster.Route);
        var calls = 0;
        await WriteOtherAsync("first");
        await using var replica = await StatusReplica.StartAsync(cluster, "a", StatusCluster.Service);
        replica.Traffic.Before = async request =>
        {
            if (request.Method == HttpMethod.Patch && request.RequestUri!.AbsolutePath.EndsWith("/httproutes/cart/status", StringComparison.Ordinal) && Interlocked.Increment(ref calls) == 1)
            {
                await WriteOtherAsync("second");
            }
        };

        await replica.Mesh.WriteAsync("route.yaml", StatusCluster.Route);
        await cluster.WaitAsync(ProgrammedParent, "httproute/cart");

        var parents = (await cluster.ReadAsync("httproute", "cart"))["status"]!["parents"]!.AsArray();
        Assert.That(parents.Select(parent => (string?)parent!["controllerName"]), Is.EqualTo(["example.com/other", ApiGroup.ControllerName]));
        Assert.That((string?)parents[0]!["conditions"]![0]!["message"], Is.EqualTo("second"));
        Assert.That(replica.Traffic.Patches, Has.Some.EndsWith("/httproutes/cart/status 409"));
    }

    [Test]
    public async Task Route_that_leaves_the_mesh_takes_our_entry_with_it_and_no_other()
    {
        await cluster.Server.ApplyAsync(StatusCluster.Route);
        await WriteOtherAsync("theirs");
        await using var replica = await StatusReplica.StartAsync(cluster, "a", StatusCluster.Service, StatusCluster.Route);
        await cluster.WaitAsync(ProgrammedParent, "httproute/cart");
        var before = (await cluster.ReadAsync("httproute", "cart"))["status"]!["parents"]!.AsArray();
        var writes = replica.Traffic.RoutePatches;

        replica.Mesh.Delete("1.yaml");
        await replica.Traffic.Requests.WaitForAsync(_ => replica.Traffic.RoutePatches > writes, CancellationToken.None).WithTimeout();

        var after = (await cluster.ReadAsync("httproute", "cart"))["status"]!["parents"]!.AsArray();
        Assert.That(before.Select(parent => (string?)parent!["controllerName"]), Is.EqualTo(["example.com/other", ApiGroup.ControllerName]));
        Assert.That(after.Select(parent => parent!.ToJsonString()), Is.EqualTo([before[0]!.ToJsonString()]));
    }

    [Test]
    public async Task Restarted_operator_writes_nothing_that_is_there_and_keeps_times()
    {
        var policy = StatusCluster.Policy("cart", "5s");
        await cluster.Server.ApplyAsync(policy);
        await cluster.Server.ApplyAsync(StatusCluster.Route);
        await using (await StatusReplica.StartAsync(cluster, "a", StatusCluster.Service, policy, StatusCluster.Route))
        {
            await cluster.ProgrammedAsync("trafficpolicy/cart");
            await cluster.WaitAsync(ProgrammedParent, "httproute/cart");
            await cluster.WaitAsync("create", "meshnode/test");
            await cluster.ProgrammedAsync("meshnode/test");
        }

        // As if it had been so for long.
        await AgeAsync("trafficpolicy", "cart");
        var before = await cluster.ReadAsync("trafficpolicy", "cart");
        await using var replica = await StatusReplica.StartAsync(cluster, "a", StatusCluster.Service, policy, StatusCluster.Route);
        await replica.LeadsAsync(true);
        await replica.Mesh.ProgrammedAsync(new ObjectKey("TrafficPolicy", "shop", "cart"));
        await replica.Mesh.ProgrammedAsync(new ObjectKey("HTTPRoute", "shop", "cart"));
        await cluster.Server.ApplyAsync(StatusCluster.Policy("marker", "1s"));
        await replica.Mesh.WriteAsync("marker.yaml", StatusCluster.Policy("marker", "1s"));
        await cluster.WaitAsync("condition=Stalled", "trafficpolicy/marker");

        var after = await cluster.ReadAsync("trafficpolicy", "cart");
        Assert.That(after["status"]!.ToJsonString(), Is.EqualTo(before["status"]!.ToJsonString()));
        Assert.That(
            replica.Traffic.Patches.Where(static patch => !patch.Contains("/meshnodes/", StringComparison.Ordinal)),
            Is.EqualTo(["PATCH /apis/mesh.operator.dev/v1alpha1/namespaces/shop/trafficpolicies/marker/status 200"]));

        // What turns gets a new time, and nothing else does.
        await cluster.Server.KubectlAsync("delete", "trafficpolicy", "marker", "-n", "shop");
        var other = policy.Replace("name: cart}]", "name: none}]", StringComparison.Ordinal);
        await replica.Mesh.WriteAsync("1.yaml", other);
        await cluster.WaitAsync("condition=Accepted=False", "trafficpolicy/cart");
        var turned = Times(await cluster.ReadAsync("trafficpolicy", "cart"));
        Assert.That(turned["ResolvedRefs"], Is.EqualTo(Old));
        Assert.That(turned["Accepted"], Is.GreaterThan(Old));
    }

    [Test]
    public async Task Object_that_was_deleted_and_made_anew_gets_its_status()
    {
        var policy = StatusCluster.Policy("cart", "5s");
        await cluster.Server.ApplyAsync(policy);
        var first = (string?)(await cluster.ReadAsync("trafficpolicy", "cart"))["metadata"]!["uid"];
        await using var replica = await StatusReplica.StartAsync(cluster, "a", StatusCluster.Service, WithUid(policy, first));
        await cluster.ProgrammedAsync("trafficpolicy/cart");

        await cluster.Server.KubectlAsync("delete", "trafficpolicy", "cart", "-n", "shop");
        await cluster.Server.ApplyAsync(policy);
        var second = (string?)(await cluster.ReadAsync("trafficpolicy", "cart"))["metadata"]!["uid"];
        await replica.Mesh.WriteAsync("1.yaml", WithUid(policy, second));

        await cluster.WaitAsync("condition=Programmed", "trafficpolicy/cart");
    }

    private KubernetesClientConfiguration Access() => KubernetesClientConfiguration.BuildConfigFromConfigFile(cluster.Server.Kubeconfig);

    private const string OldTime = "2020-01-02T03:04:05Z";

    private static DateTimeOffset Old => DateTimeOffset.Parse(OldTime, CultureInfo.InvariantCulture);

    private static string WithUid(string policy, string? uid) => policy.Replace("namespace: shop}", $"namespace: shop, uid: {uid}}}", StringComparison.Ordinal);

    private static Dictionary<string, DateTimeOffset> Times(JsonObject policy) => policy["status"]!["conditions"]!.AsArray().ToDictionary(
        condition => (string)condition!["type"]!,
        condition => DateTimeOffset.Parse((string)condition!["lastTransitionTime"]!, CultureInfo.InvariantCulture),
        StringComparer.Ordinal);

    private static IEnumerable<string> Managers(JsonObject item) => (item["metadata"]!["managedFields"] as JsonArray ?? [])
        .Select(entry => $"{entry!["manager"]} {entry["subresource"]}").Order(StringComparer.Ordinal);

    /// <summary>What another controller writes, as most do: by putting the whole status.</summary>
    private async Task WriteOtherAsync(string message)
    {
        var patch = $$"""
            {"status": {"parents": [{"parentRef": {"name": "edge"}, "controllerName": "example.com/other", "conditions": [
              {"type": "Accepted", "status": "True", "reason": "Accepted", "message": "{{message}}", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}]} }
            """;
        await cluster.Server.KubectlAsync("patch", "httproute", "cart", "-n", "shop", "--subresource=status", "--type=merge", "-p", patch);
    }

    private async Task AgeAsync(string kind, string name)
    {
        var conditions = (await cluster.ReadAsync(kind, name))["status"]!["conditions"]!.AsArray();
        foreach (var condition in conditions)
        {
            condition!["lastTransitionTime"] = OldTime;
        }

        var patch = new JsonObject { ["status"] = new JsonObject { ["conditions"] = conditions.DeepClone() } };
        await cluster.Server.KubectlAsync("patch", kind, name, "-n", "shop", "--subresource=status", "--type=merge", "-p", patch.ToJsonString());
    }

    /// <summary>What kubectl prints, with ages left out.</summary>
    private async Task<string> ColumnsAsync(string kind)
    {
        var lines = (await cluster.Server.KubectlAsync("get", kind, "-n", "shop")).Trim().Split('\n');
        return string.Join('\n', lines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(WithoutAge))));
    }

    private static string WithoutAge(string word) => char.IsAsciiDigit(word[0]) && word[^1] is 's' or 'm' ? "…" : word;
}
