// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using Mesh.Operator.Kubernetes.Tokens;
using Mesh.Testing;
using Mesh.Testing.Deploy;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Deploy;

/// <summary>What is under <c>config/</c> is taken by a real API server, and is its own fixed point.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class OverlayTests
{
    private static readonly TimeSpan Limit = Timeouts.Default * 4;

    [TestCase("single", 1, true)]
    [TestCase("ha", 2, true)]
    [TestCase("dev", 1, true)]
    [TestCase("single", 1, false)]
    [TestCase("ha", 2, false)]
    [TestCase("dev", 1, false)]
    public async Task Overlay_is_applied_and_a_second_time_changes_nothing(string overlay, int replicas, bool onServer)
    {
        await using var server = await TestApiServer.StartAsync();
        var folder = Repository.File("config", "overlays", overlay);
        string[] manner = onServer ? ["--server-side", "--field-manager=user"] : [];

        var first = await server.KubectlAsync(["apply", .. manner, "-k", folder]).WithTimeout(Limit);
        await server.DefinedAsync().WithTimeout(Limit);
        var before = await ObjectsAsync(server, folder);
        await server.KubectlAsync(["apply", .. manner, "-k", folder]).WithTimeout(Limit);
        var after = await ObjectsAsync(server, folder);
        var difference = await server.TryKubectlAsync(["diff", .. manner, "-k", folder]).WithTimeout(Limit);

        var verb = onServer ? "serverside-applied" : "created";
        Assert.That(first, Does.Contain($"deployment.apps/mesh-operator {verb}").And.Contain($"daemonset.apps/mesh-node {verb}"));
        Assert.That(after, Is.EqualTo(before));
        Assert.That((difference.ExitCode, difference.StandardOutput), Is.EqualTo((0, "")), difference.Output);
        var deployed = await server.KubectlAsync("-n", "mesh-system", "get", "deployment", "mesh-operator", "-o", "jsonpath={.spec.replicas}").WithTimeout(Limit);
        Assert.That(deployed, Is.EqualTo(replicas.ToString(CultureInfo.InvariantCulture)));
    }

    [Test]
    public async Task Components_are_applied_and_a_second_time_changes_nothing()
    {
        await using var server = await TestApiServer.StartAsync();
        await server.DefineAsync(SharedCertManager()).WithTimeout(Limit);
        using var overlay = UserOverlay.Create("../overlays/ha", "../components/cert-manager", "../components/admission", "../components/client-certificates");

        await server.KubectlAsync("apply", "--server-side", "--field-manager=user", "-k", overlay.Folder).WithTimeout(Limit);
        await server.DefinedAsync().WithTimeout(Limit);
        var before = await ObjectsAsync(server, overlay.Folder);
        await server.KubectlAsync("apply", "--server-side", "--field-manager=user", "-k", overlay.Folder).WithTimeout(Limit);
        var after = await ObjectsAsync(server, overlay.Folder);
        var difference = await server.TryKubectlAsync("diff", "--server-side", "--field-manager=user", "-k", overlay.Folder).WithTimeout(Limit);

        Assert.That(after, Is.EqualTo(before));
        Assert.That((difference.ExitCode, difference.StandardOutput), Is.EqualTo((0, "")), difference.Output);
        var (program, node) = (await PodAsync(server, "deployment/mesh-operator"), await PodAsync(server, "daemonset/mesh-node"));
        Assert.That(Manifests.Texts(program["containers"]![0]!["args"]), Is.SupersetOf(new[] { "--tls-client-ca=/etc/mesh-operator/xds/ca.crt", "--admission=0.0.0.0:9443" }).And.No.Member("--xds-auth=token"));
        Assert.That(Manifests.Texts(node["containers"]![0]!["args"]), Is.SupersetOf(new[] { "--tls-cert=/etc/mesh-node/xds/tls.crt", "--tls-key=/etc/mesh-node/xds/tls.key" }));
        Assert.That(node["volumes"]!.AsArray().Select(static volume => (string?)volume!["name"]), Is.EqualTo(["state", "tmp", "xds"]));
        Assert.That(node["containers"]![0]!["volumeMounts"]!.AsArray().Select(static mount => (string?)mount!["name"]), Is.EqualTo(["state", "tmp", "xds"]));
        Assert.That(node["volumes"]![2]!["secret"]!["items"], Is.Null);
    }

    [Test]
    public async Task Secrets_that_the_pods_mount_are_those_of_cert_manager_and_the_nodes_token_is_for_the_operator()
    {
        await using var server = await TestApiServer.StartAsync();
        await server.DefineAsync(SharedCertManager()).WithTimeout(Limit);
        using var overlay = UserOverlay.Create("../overlays/single", "../components/cert-manager");
        await server.KubectlAsync("apply", "--server-side", "--field-manager=user", "-k", overlay.Folder).WithTimeout(Limit);

        var made = (await server.KubectlAsync(
            "-n", "mesh-system", "get", "certificates.cert-manager.io", "-o", "jsonpath={.items[*].spec.secretName}").WithTimeout(Limit)).Split(' ');
        var mounted = new[] { await PodAsync(server, "deployment/mesh-operator"), await PodAsync(server, "daemonset/mesh-node") }
            .SelectMany(static pod => pod["volumes"]!.AsArray()).ToList();

        Assert.That(mounted.Select(static volume => (string?)volume!["secret"]?["secretName"]).OfType<string>(), Is.EqualTo(["mesh-operator-xds", "mesh-node-xds"]).And.SubsetOf(made));
        var token = mounted.Single(static volume => volume!["projected"] is not null)!["projected"]!["sources"]![0]!["serviceAccountToken"]!;
        Assert.That((string?)token["audience"], Is.EqualTo(new TokenCheckOptions().Audience));
    }

    [Test]
    public async Task Health_checks_are_added_to_the_settings_of_Argo_CD()
    {
        await using var server = await TestApiServer.StartAsync();
        await server.KubectlAsync("create", "namespace", "argocd").WithTimeout(Limit);
        await server.ApplyAsync(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: argocd-cm, namespace: argocd, labels: {app.kubernetes.io/name: argocd-cm, app.kubernetes.io/part-of: argocd}}
            data: {url: https://argocd.example.com}
            """).WithTimeout(Limit);

        var arguments = new[] { "apply", "--server-side", "--field-manager=mesh-operator-health", "-k", Repository.File("config", "argocd") };
        await server.KubectlAsync(arguments).WithTimeout(Limit);

        var data = JsonNode.Parse(await server.KubectlAsync("-n", "argocd", "get", "configmap", "argocd-cm", "-o", "json").WithTimeout(Limit))!["data"]!;
        Assert.That((string?)data["url"], Is.EqualTo("https://argocd.example.com"));
        Assert.That(
            (string?)data["resource.customizations.health.mesh.operator.dev_TrafficPolicy"],
            Is.EqualTo(await File.ReadAllTextAsync(Repository.File("config", "argocd", "health", "policy.lua"))));
    }

    [Test]
    public async Task Monitoring_is_built_with_the_dashboard()
    {
        var outcome = await Tool.RunAsync("kubectl", "kubernetes-client", "kustomize", Repository.File("config", "monitoring")).WithTimeout(Limit);

        Assert.That(outcome.Problem, Is.Null, outcome.Output);
        Assert.That(outcome.Output, Does.Contain("kind: PrometheusRule").And.Contain("kind: PodMonitor").And.Contain("mesh-operator.json: |"));
    }

    /// <summary>
    /// Everything but what the server writes by itself: the state of CRDs, and a resourceVersion where it dates managedFields anew. A change of a
    /// spec would show in the generation, too.
    /// </summary>
    private static async Task<IReadOnlyList<string>> ObjectsAsync(TestApiServer server, string folder)
    {
        var list = JsonNode.Parse(await server.KubectlAsync("get", "-k", folder, "-o", "json").WithTimeout(Limit))!;
        return [.. list["items"]!.AsArray().OfType<JsonObject>().Select(Content)];
    }

    private static async Task<JsonObject> PodAsync(TestApiServer server, string workload) =>
        JsonNode.Parse(await server.KubectlAsync("-n", "mesh-system", "get", workload, "-o", "json").WithTimeout(Limit))!["spec"]!["template"]!["spec"]!.AsObject();

    private static string Content(JsonObject item)
    {
        item["metadata"]!.AsObject().Remove("resourceVersion");
        if ((string?)item["kind"] == "CustomResourceDefinition")
        {
            item.Remove("status");
        }

        return item.ToJsonString();
    }

    private static string SharedCertManager()
    {
        var folder = Environment.GetEnvironmentVariable("CERT_MANAGER_CRDS") ?? Repository.File("..", "shared", "cert-manager", "crds");
        if (!Directory.Exists(folder))
        {
            Assert.Ignore("CERT_MANAGER_CRDS names no folder with cert-manager's CRDs");
        }

        return folder;
    }
}
