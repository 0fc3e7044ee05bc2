// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using Mesh.Crds.Access;
using Mesh.Crds.Features;
using Mesh.Crds.Kinds;
using Mesh.Crds.V1Alpha1;
using Mesh.Testing;
using Mesh.Testing.Builders;
using Mesh.Testing.Kubernetes;
using Mesh.Testing.Policies;
using Timeouts = Mesh.Testing.Timeouts;

namespace Mesh.EndToEnd.Tests.Kubernetes.Admission;

/// <summary>A real API server asks us, by the webhook of our manifest, and we work under our own role.</summary>
internal sealed class AdmissionTests
{
    private TestApiServer? server;
    private AdmissionReplica? replica;
    private DryRuns? runs;

    private TestApiServer Server => server ?? throw new InvalidOperationException("not set up");

    private AdmissionReplica Replica => replica ?? throw new InvalidOperationException("not set up");

    private DryRuns DryRuns => runs ?? throw new InvalidOperationException("not set up");

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        server = await TestApiServer.StartAsync();
        runs = new DryRuns(Server);
        await ClusterSetup.ApplyDefinitionsAsync(Server);
        await ClusterSetup.ApplyRolesAsync(Server);
        await Server.KubectlAsync("create", "namespace", "shop");
        replica = await AdmissionReplica.StartAsync(await ClusterSetup.ClientOfAsync(Server, OperatorNames.Operator));
        await Server.ApplyAsync(ClusterSetup.Webhook(Replica.Port));
        await Replica.Logs.LineAsync("Told the API server whom to trust");
        FillMesh();
        await DryRuns.UntilAskedAsync("shop");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        runs?.Dispose();
        if (replica is not null)
        {
            await replica.DisposeAsync();
        }

        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    [Test]
    public async Task Every_invalid_object_is_refused_with_its_field_and_what_would_be_right()
    {
        Assert.That(await DryRuns.WronglyJudgedAsync(), Is.Empty);
        Assert.That(Replica.Logs.Lines.Where(line => line.Contains("(this is a bug)", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Valid_objects_are_taken()
    {
        var refused = new List<string>();
        foreach (var policy in PolicyCases.All.Where(policy => policy.Path is null))
        {
            if (await DryRuns.RefusalAsync(policy.Document()) is { } words)
            {
                refused.Add($"{policy.Name}: {words}");
            }
        }

        Assert.That(refused, Is.Empty);
    }

    [Test]
    public async Task Kubectl_prints_field_and_reason_of_a_refusal()
    {
        var outcome = await DryRuns.KubectlAsync(InvalidObjects.All.First(invalid => invalid.Name == "host set").Document.ToJsonString());

        Assert.That(outcome.ExitCode, Is.Not.Zero);
        Assert.That(outcome.Output, Does.Contain("spec.rules[0].filters[0].requestHeaderModifier.set[0].name: \"Host\" cannot be changed: use a URLRewrite filter with hostname"));
    }

    [Test]
    public async Task Dry_run_warns_of_a_missing_target()
    {
        var outcome = await DryRuns.KubectlAsync(Admission.DryRuns.Policy("shop", """{"targetRefs":[{"kind":"Service","name":"card"}],"retries":{}}"""));

        Assert.That(outcome.ExitCode, Is.Zero);
        Assert.That(outcome.Output, Does.Contain("Warning: spec.targetRefs[0].name: Service shop/card does not exist"));
    }

    [Test]
    public async Task Dry_run_names_the_policy_that_is_overridden()
    {
        var outcome = await DryRuns.KubectlAsync(Admission.DryRuns.Policy("shop", """{"targetRefs":[{"kind":"Service","name":"cart"}],"retries":{}}"""));

        Assert.That(outcome.Output, Does.Contain("Warning: overrides retries of TrafficPolicy shop/space for Service shop/cart"));
    }

    [Test]
    public async Task Dry_run_names_the_route_that_is_replaced()
    {
        var outcome = await DryRuns.KubectlAsync("""
            {"apiVersion":"gateway.networking.k8s.io/v1","kind":"GRPCRoute","metadata":{"name":"calls","namespace":"shop"},
             "spec":{"parentRefs":[{"group":"","kind":"Service","name":"cart","port":80}],"rules":[{"backendRefs":[{"name":"cart","port":80}]}]}}
            """);

        Assert.That(outcome.ExitCode, Is.Zero);
        Assert.That(outcome.Output, Does.Contain("Warning: replaces the routes of HTTPRoute shop/cart-route for Service shop/cart"));
    }

    /// <summary>Its parent is a Gateway: neither asked about nor warned of.</summary>
    [Test]
    public async Task Route_of_a_gateway_passes_without_a_word()
    {
        var outcome = await DryRuns.KubectlAsync("""
            {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"in","namespace":"shop"},
             "spec":{"parentRefs":[{"name":"front"}],"rules":[{"backendRefs":[{"name":"nobody","port":80}]}]}}
            """);

        Assert.That(outcome.ExitCode, Is.Zero);
        Assert.That(outcome.Output, Does.Not.Contain("Warning"));
    }

    /// <summary>Clients of admission are authenticated by nobody, so nothing else must be within their reach.</summary>
    [Test]
    public async Task Port_of_admission_leads_to_nothing_else()
    {
        using var client = Insecure();

        using var other = await client.GetAsync(new Uri($"https://127.0.0.1:{Replica.Port}/other")).WithTimeout();
        using var own = await client.GetAsync(new Uri($"https://127.0.0.1:{Replica.Port}{OperatorNames.AdmissionPath}")).WithTimeout();

        Assert.That((int)other.StatusCode, Is.EqualTo(404));
        Assert.That((int)own.StatusCode, Is.EqualTo(405));
    }

    private static HttpClient Insecure() => new(new SocketsHttpHandler
    {
        // Only what is reachable is asked; whom clients trust is seen in CertificateTests.
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
    });

    private void FillMesh()
    {
        Replica.Store.Apply(Make.Service("shop/cart", "10.96.0.10", "80:http"));
        Replica.Store.Apply(Make.Policy(
            "shop/space", new TrafficPolicySpec { TargetRefs = [Make.Target(PolicyTargetKind.Namespace, "shop")], Retries = new Retries { Attempts = 1 } }, day: 1));
        Replica.Store.Apply(Make.HttpRoute("shop/cart-route", Make.Parent("cart", 80), Make.Rule(Make.PathMatch("/"), Make.Backend("cart"))));
    }
}
