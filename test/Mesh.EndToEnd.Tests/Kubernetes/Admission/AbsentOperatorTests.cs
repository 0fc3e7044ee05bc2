// SPDX-License-Identifier: Apache-2.0
using Mesh.NodeAgent.Processes;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Kubernetes.Admission;

/// <summary>
/// The webhook is configured and nobody answers. New specs of our kinds wait, for an unjudged one might be wrong; nothing else does: no deletion, no label,
/// no status, no route, no other kind.
/// </summary>
internal sealed class AbsentOperatorTests
{
    private static readonly string[][] Allowed =
    [
        ["label", "trafficpolicy", "there", "-n", "shop", "a=b"],
        ["annotate", "mesh", "default", "a=b"],
        ["patch", "trafficpolicy", "there", "-n", "shop", "--subresource=status", "--type=merge", "-p", """{"status":{"observedGeneration":1}}"""],
        ["patch", "trafficpolicy", "held", "-n", "shop", "--type=merge", "-p", """{"metadata":{"finalizers":["example.com/hold"]}}"""],
        ["delete", "trafficpolicy", "held", "-n", "shop", "--wait=false"],
        ["patch", "trafficpolicy", "held", "-n", "shop", "--type=merge", "-p", """{"metadata":{"finalizers":null}}"""],
        ["wait", "--for=delete", "trafficpolicy/held", "-n", "shop", "--timeout=30s"],
        ["create", "configmap", "any", "-n", "shop"],
        ["create", "service", "clusterip", "other", "-n", "shop", "--tcp=80:80"],
        ["delete", "mesh", "default"],
        ["delete", "namespace", "shop", "--timeout=30s"],
    ];

    private TestApiServer? server;
    private ReservedPort? nobody;

    private TestApiServer Server => server ?? throw new InvalidOperationException("not set up");

    [SetUp]
    public async Task StartAsync()
    {
        string[] definitions = [Definitions.Ours, Definitions.GatewayApi("httproutes")];
        server = await TestApiServer.StartAsync();
        foreach (var definition in definitions)
        {
            await Server.DefineAsync(definition);
        }

        await Server.KubectlAsync("create", "namespace", "shop");
        await Server.ApplyAsync(string.Join("\n---\n", Policy("there"), Policy("held"), """{"apiVersion":"mesh.operator.dev/v1alpha1","kind":"Mesh","metadata":{"name":"default"},"spec":{}}"""));
        nobody = new ReservedPort();
        await Server.ApplyAsync(ClusterSetup.Webhook(nobody.EndPoint.Port));
        await UntilInForceAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        nobody?.Dispose();
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    [Test]
    public async Task New_specs_of_our_kinds_wait_with_a_word_that_names_the_webhook()
    {
        var created = await ApplyAsync(Policy("new"));
        var changed = await Server.TryKubectlAsync("patch", "trafficpolicy", "there", "-n", "shop", "--type=merge", "-p", """{"spec":{"retries":{"attempts":5}}}""");

        Assert.That(created.Output, Does.Contain("failed calling webhook \"policies.mesh.operator.dev\""));
        Assert.That(changed.Output, Does.Contain("failed calling webhook \"policies.mesh.operator.dev\""));
    }

    [Test]
    public async Task Nothing_else_waits()
    {
        var route = await ApplyAsync("""
            {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"cart","namespace":"shop"},
             "spec":{"parentRefs":[{"group":"","kind":"Service","name":"cart","port":80}]}}
            """);
        var failed = new List<string>();
        foreach (var arguments in Allowed)
        {
            var outcome = await Server.TryKubectlAsync(arguments);
            if (outcome.ExitCode != 0)
            {
                failed.Add($"{string.Join(' ', arguments)}: {outcome.Output}");
            }
        }

        Assert.That(route.ExitCode, Is.Zero, route.Output);
        Assert.That(failed, Is.Empty);
    }

    private static string Policy(string name) =>
        $$$"""{"apiVersion":"mesh.operator.dev/v1alpha1","kind":"TrafficPolicy","metadata":{"name":"{{{name}}}","namespace":"shop"},"spec":{"targetRefs":[{"kind":"Service","name":"cart"}],"retries":{} }}""";

    private async Task<CommandOutcome> ApplyAsync(string document, params string[] flags)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, document);
        var outcome = await Server.TryKubectlAsync(["apply", "-f", file, .. flags]);
        File.Delete(file);
        return outcome;
    }

    /// <summary>The API server takes up a new webhook a moment after it was written, and nothing tells when.</summary>
    private async Task UntilInForceAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        using var limit = new CancellationTokenSource(Timeouts.Default, TimeProvider.System);
        while ((await ApplyAsync(Policy("probe"), "--dry-run=server")).ExitCode == 0)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
