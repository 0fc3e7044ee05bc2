// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.EndToEnd.Tests.Kubernetes;

namespace Mesh.EndToEnd.Tests.Deploy;

/// <summary>The health checks for Argo CD over the statuses that the operator writes to an API server, one of each kind and the common sorts.</summary>
internal sealed class ArgoRealStatusTests
{
    private const string ParentIs = "jsonpath={.status.parents[?(@.controllerName==\"" + ApiGroup.ControllerName + "\")].conditions[?(@.type==\"";

    private const string PayService =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: pay, namespace: shop}
        spec: {clusterIP: 127.96.161.2, ports: [{port: 8080, appProtocol: kubernetes.io/h2c}]}
        """;

    private static readonly string Lost = StatusCluster.Policy("lost", "5s").Replace("name: cart}]", "name: nobody}]", StringComparison.Ordinal);

    private static readonly string Pay = StatusCluster.Policy("pay", "5s").Replace("name: cart}]", "name: pay}]", StringComparison.Ordinal);

    private static readonly string Space = StatusCluster.Policy("space", "9s").Replace("kind: Service, name: cart}]", "kind: Namespace, name: shop}]", StringComparison.Ordinal);

    private static readonly string Broken =
        StatusCluster.Route.Replace("{name: cart, namespace: shop}", "{name: broken, namespace: shop}", StringComparison.Ordinal)
            .Replace("backendRefs: [{name: cart,", "backendRefs: [{name: nobody,", StringComparison.Ordinal);

    /// <summary>The object, what kubectl waits for, the check, the health and a part of its words.</summary>
    private static readonly (string Object, string Wait, string Check, string Status, string Words)[] Table =
    [
        ("mesh/default", "condition=Programmed", "policy", "Healthy", "Programmed: "),
        ("trafficpolicy/cart", "condition=Programmed", "policy", "Healthy", "Programmed: "),
        ("trafficpolicy/late", "condition=Stalled", "policy", "Degraded", "Conflicted: spec.targetRefs[0]: shop/cart targets"),
        ("trafficpolicy/lost", "condition=Accepted=False", "policy", "Degraded", "TargetNotFound: "),
        ("trafficpolicy/space", "jsonpath={.status.conditions[?(@.type==\"Programmed\")].reason}=Overridden", "policy", "Healthy", "Overridden: "),
        ("httproute/cart", ParentIs + "Programmed\")].status}=True", "route", "Healthy", "Service cart: Programmed: "),
        ("httproute/broken", ParentIs + "ResolvedRefs\")].status}=False", "route", "Degraded", "BackendNotFound: "),
        ("grpcroute/pay", ParentIs + "Programmed\")].status}=True", "route", "Healthy", "Service pay: Programmed: "),
        ("meshnode/test", "condition=Programmed", "node", "Healthy", "Programmed: "),
    ];

    [Test]
    public async Task Statuses_of_the_operator_have_the_health_that_they_mean()
    {
        await using var cluster = await StatusCluster.StartAsync(withRoutes: true);
        string[] objects =
        [
            StatusCluster.Mesh, StatusCluster.Policy("cart", "5s"), StatusCluster.Policy("late", "5s"), Lost, Pay, Space,
            StatusCluster.Route, Broken, StatusCluster.GrpcRoute,
        ];
        foreach (var yaml in objects)
        {
            await cluster.Server.ApplyAsync(yaml);
        }

        await using var replica = await StatusReplica.StartAsync(cluster, "a", [StatusCluster.Service, PayService, .. objects]);
        await cluster.WaitAsync("create", "meshnode/test");
        foreach (var row in Table)
        {
            await cluster.WaitAsync(row.Wait, row.Object);
            var (kind, name) = (row.Object.Split('/')[0], row.Object.Split('/')[1]);

            var (status, message) = await LuaHealth.OfAsync(row.Check, await cluster.ReadAsync(kind, name));

            Assert.That(status, Is.EqualTo(row.Status), $"{row.Object}: {message}");
            Assert.That(message, Does.Contain(row.Words), row.Object);
        }
    }
}
