// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Access;
using Mesh.EndToEnd.Tests.Kubernetes.Admission;
using Mesh.NodeAgent.Processes;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Kubernetes.Access;

/// <summary>Least privilege, seen from the API server: the operator does all its work with the generated role, is refused nothing, and asks for all that is in it.</summary>
internal sealed class RoleInUseTests
{
    /// <summary>What is in the role and in no audit log of this test, with the reason.</summary>
    private static readonly Dictionary<string, string> NotSeen = new(StringComparer.Ordinal)
    {
        ["create mesh.operator.dev/meshnodes *"] = "asked for by the server itself when a patch makes an object: Patch_that_makes_an_object_needs_create",
        ["create authentication.k8s.io/tokenreviews *"] = "asked when a proxy shows a token, and here the only one is in the operator's own process",
    };

    /// <summary>A node whose proxy went away long ago is deleted by whoever leads next.</summary>
    private const string GoneNode = """
        {"apiVersion":"mesh.operator.dev/v1alpha1","kind":"MeshNode","metadata":{"name":"gone"},"status":{"conditions":[
         {"type":"Connected","status":"False","reason":"Disconnected","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}
        """;

    private const string Objects = """
        {"apiVersion":"v1","kind":"List","items":[
         {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}},
         {"apiVersion":"v1","kind":"Service","metadata":{"name":"cart","namespace":"shop"},"spec":{"ports":[{"name":"http","port":8080},{"name":"grpc","port":9000}]}},
         {"apiVersion":"mesh.operator.dev/v1alpha1","kind":"Mesh","metadata":{"name":"default"},"spec":{}},
         {"apiVersion":"mesh.operator.dev/v1alpha1","kind":"TrafficPolicy","metadata":{"name":"cart","namespace":"shop"},
          "spec":{"targetRefs":[{"kind":"Service","name":"cart"}],"timeouts":{"request":"2s"}}},
         {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"cart","namespace":"shop"},
          "spec":{"parentRefs":[{"group":"","kind":"Service","name":"cart","port":8080}],"rules":[{"backendRefs":[{"name":"cart","port":8080}]}]}},
         {"apiVersion":"gateway.networking.k8s.io/v1","kind":"GRPCRoute","metadata":{"name":"cart","namespace":"shop"},
          "spec":{"parentRefs":[{"group":"","kind":"Service","name":"cart","port":9000}],"rules":[{"backendRefs":[{"name":"cart","port":9000}]}]}}]}
        """;

    [Test]
    public async Task Operator_asks_for_all_that_its_role_allows_and_is_forbidden_nothing()
    {
        // Without streaming lists a kind is listed before it is watched.
        await using var cluster = await ClusterOperator.StartAsync(AddGoneNodeAsync, "--feature-gates=WatchList=false");
        var server = cluster.Server;

        await server.ApplyAsync(Objects);
        await server.KubectlAsync("wait", "--for=condition=Programmed", "--timeout=150s", "-n", "shop", "trafficpolicy/cart", "mesh/default", $"meshnode/{ClusterOperator.Node}");
        await server.KubectlAsync("wait", "--for=delete", "--timeout=150s", "meshnode/gone");
        await server.KubectlAsync("patch", "trafficpolicy", "cart", "-n", "shop", "--type=merge", "-p", """{"spec":{"targetRefs":[{"kind":"Service","name":"nobody"}]}}""");
        await server.KubectlAsync("wait", "--for=condition=Accepted=False", "--timeout=150s", "-n", "shop", "trafficpolicy/cart");
        await server.KubectlAsync("patch", "secret", OperatorNames.AdmissionSecret, "-n", OperatorNames.Namespace, "--type=merge", "-p", """{"data":{"tls.key":"Z2FyYmFnZQ=="}}""");
        await CertManager.DefineAsync(server);
        await server.KubectlAsync(
            "annotate", "validatingwebhookconfiguration", OperatorNames.WebhookConfiguration, $"{OperatorNames.InjectCaFrom}={OperatorNames.Namespace}/admission");

        Assert.That(await cluster.UntilAskedAsync(Missing), Is.Empty);
        Assert.That(cluster.Forbidden, Is.Empty);
        Assert.That(cluster.Log, Does.Not.Contain("orbidden"));
        Assert.That(NotSeen.Keys, Is.SubsetOf(All));
    }

    /// <summary>Server-side apply is the verb patch in the audit log, and asks for create as well where there is no such object.</summary>
    [Test]
    public async Task Patch_that_makes_an_object_needs_create()
    {
        await using var server = await TestApiServer.StartAsync();
        await server.DefineAsync(Definitions.Ours);
        await server.KubectlAsync("create", "clusterrole", "patcher", "--verb=get,patch", "--resource=meshnodes.mesh.operator.dev");
        await server.KubectlAsync("create", "clusterrolebinding", "patcher", "--clusterrole=patcher", "--user=patcher");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, GoneNode);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        using var limit = new CancellationTokenSource(Timeouts.Default, TimeProvider.System);

        CommandOutcome outcome;
        while ((outcome = await server.TryKubectlAsync("apply", "--server-side", "--as=patcher", "-f", file)).Output.Contains("cannot patch", StringComparison.Ordinal))
        {
            // The role is not in force yet.
            await timer.WaitForNextTickAsync(limit.Token);
        }

        File.Delete(file);
        Assert.That(outcome.Output, Does.Contain("cannot create resource"));
    }

    private static IEnumerable<string> All => OperatorAccess.Rules
        .SelectMany(pair => OperatorAccess.Flat(pair.Rule.Group, pair.Rule.Resources, pair.Rule.Names, pair.Rule.Verbs))
        .Distinct(StringComparer.Ordinal);

    private static List<string> Missing(IReadOnlyList<AuditedRequest> requests)
    {
        var seen = requests.SelectMany(request => (string[])[$"{request.Verb} {request.Resource} {request.Name}", $"{request.Verb} {request.Resource} *"]).ToHashSet(StringComparer.Ordinal);
        return [.. All.Where(allowed => !seen.Contains(allowed) && !NotSeen.ContainsKey(allowed))];
    }

    private static async Task AddGoneNodeAsync(TestApiServer server)
    {
        await server.ApplyAsync(GoneNode);
        await server.KubectlAsync("patch", "meshnode", "gone", "--subresource=status", "--type=merge", "-p", GoneNode);
    }
}
