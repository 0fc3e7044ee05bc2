// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Echo;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Status;

/// <summary>The status files of file mode as users read them, beside a real Envoy that serves.</summary>
internal sealed class FileStatusTests
{
    private const string Address = "127.96.153.1";
    private const string Status = "TrafficPolicy/shop.cart.yaml";

    private readonly WrittenStatuses statuses = new();
    private EchoServer echo = null!; // set before every test
    private RunningMesh mesh = null!; // set before every test

    [SetUp]
    public async Task StartAsync()
    {
        var envoy = PinnedEnvoy.RequireBinary();
        var pod = new EchoPod { Namespace = "shop", Name = "cart-1", Http = [new IPEndPoint(IPAddress.Parse("127.1.153.1"), 8080)] };
        echo = await EchoServer.StartAsync([pod], CancellationToken.None);
        mesh = await RunningMesh.StartAsync(
            envoy, new Dictionary<string, string>(StringComparer.Ordinal) { ["cart.yaml"] = Cart, ["policy.yaml"] = Policy("cart", "418") }, statuses.Register);
        await statuses.ReadAsync(Status, text => text.Contains("In force on 1/1 proxies", StringComparison.Ordinal));
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (mesh is not null)
        {
            await mesh.DisposeAsync();
            await echo.DisposeAsync();
        }
    }

    [Test]
    public async Task Edit_that_breaks_the_schema_is_told_by_line_and_path_while_the_last_good_version_serves()
    {
        Assert.That(await AnswerAsync(), Is.EqualTo(418));

        await mesh.WriteAsync("policy.yaml", Policy("cart", "\"teapot\""));
        var bad = await statuses.ReadAsync(Status, text => text.Contains("generation: 2", StringComparison.Ordinal));

        Assert.That(bad, Does.Contain(
            "spec.faultInjection.abort.httpStatus: must be an integer, is the text \\\"teapot\\\" (policy.yaml:7); the last good version (generation 1) keeps serving."));
        Assert.That(bad, Does.Contain("This generation is not in force: it is not accepted. The last good version keeps serving: In force on 1/1 proxies."));
        Assert.That(await AnswerAsync(), Is.EqualTo(418));

        await mesh.WriteAsync("policy.yaml", Policy("cart", "451"));
        var mended = await statuses.ReadAsync(Status, text =>
            text.Contains("generation: 3", StringComparison.Ordinal) && text.Contains("In force on 1/1 proxies.", StringComparison.Ordinal));

        Assert.That(mended, Does.Not.Contain("keeps serving"));
        Assert.That(await AnswerAsync(), Is.EqualTo(451));
    }

    [Test]
    public async Task Deleted_object_takes_its_status_file_with_it()
    {
        mesh.Delete("policy.yaml");
        await statuses.GoneAsync(Status);
        await mesh.SettledAsync();

        Assert.That(await AnswerAsync(), Is.EqualTo(200));
    }

    [Test]
    public async Task Conflict_names_the_winner_to_the_loser()
    {
        await mesh.WriteAsync("later.yaml", Policy("later", "451"));
        var loser = await statuses.ReadAsync("TrafficPolicy/shop.later.yaml", text => text.Contains("Conflicted", StringComparison.Ordinal));
        var winner = await statuses.ReadAsync(Status, text => text.Contains("In force on 1/1 proxies.", StringComparison.Ordinal));

        Assert.That(loser, Does.Contain("spec.targetRefs[0]: shop/cart targets Service/cart as well and comes first by name: of the policies on one target only the first is in force"));
        Assert.That(winner, Does.Not.Contain("Conflicted"));
        Assert.That(await AnswerAsync(), Is.EqualTo(418));
    }

    [Test]
    public async Task File_that_cannot_be_read_has_a_status_of_its_own_and_harms_no_other()
    {
        await mesh.WriteAsync("torn.yaml", "kind: [TrafficPolicy");
        var torn = await statuses.ReadAsync("File/torn.yaml.yaml", _ => true);

        Assert.That(torn, Does.Contain("kind: File").And.Contain("name: torn.yaml").And.Contain("torn.yaml:2"));
        Assert.That(await AnswerAsync(), Is.EqualTo(418));

        mesh.Delete("torn.yaml");
        await statuses.GoneAsync("File/torn.yaml.yaml");
    }

    private const string Cart =
        $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: cart, namespace: shop}
        spec:
          clusterIP: {{Address}}
          selector: {app: cart}
          ports: [{name: http, port: 8080}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: cart-1, namespace: shop, labels: {app: cart} }
        status: {phase: Running, podIP: 127.1.153.1}
        """;

    private static string Policy(string name, string status) =>
        $$"""
        apiVersion: mesh.operator.dev/v1alpha1
        kind: TrafficPolicy
        metadata: {name: {{name}}, namespace: shop}
        spec:
          targetRefs: [{kind: Service, name: cart}]
          faultInjection:
            abort: { httpStatus: {{status}} }
        """;

    /// <summary>The status of an answer through the mesh.</summary>
    private static async Task<int> AnswerAsync()
    {
        using var client = new PodClient("127.1.153.9");
        return (await client.GetAsync($"http://{Address}:8080/").WithTimeout()).Status;
    }
}
