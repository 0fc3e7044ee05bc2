// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using Mesh.Crds.Access;
using Mesh.NodeAgent.Processes;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Kubernetes.Access;

/// <summary>The generated roles allow what the table says, and nothing else, by the judgement of an API server.</summary>
internal sealed class RoleTests
{
    /// <summary>What the operator must not be able to do, as kubectl's arguments; each is one step away from something that it may.</summary>
    private static readonly string[][] Forbidden =
    [
        ["get", "secrets", "--namespace", "default"],
        ["get", "secrets", "--namespace", OperatorNames.Namespace],
        ["get", "secret", "another", "--namespace", OperatorNames.Namespace],
        ["get", "configmaps", "--namespace", OperatorNames.Namespace],
        ["create", "configmap", "x", "--namespace", OperatorNames.Namespace],
        ["delete", "secret", OperatorNames.AdmissionSecret, "--namespace", OperatorNames.Namespace],
        ["get", "lease", "another", "--namespace", OperatorNames.Namespace],
        ["get", "validatingwebhookconfigurations"],
        ["delete", "validatingwebhookconfiguration", OperatorNames.WebhookConfiguration],
        ["delete", "namespace", "default"],
        ["label", "namespace", "default", "a=b"],
        ["delete", "crd", "meshes.mesh.operator.dev"],
        ["patch", "mesh", "default", "--type=merge", "-p", "{\"spec\":{\"outboundTraffic\":\"Block\"}}"],
        ["delete", "mesh", "default"],
        ["patch", "service", "cart", "--namespace", "default", "--type=merge", "-p", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"],
        ["create", "clusterrolebinding", "x", "--clusterrole=cluster-admin", "--user=x"],
        ["create", "token", OperatorNames.Operator, "--namespace", OperatorNames.Namespace],
    ];

    private TestApiServer? server;

    private TestApiServer Server => server ?? throw new InvalidOperationException("not set up");

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        server = await TestApiServer.StartAsync();
        await ClusterSetup.ApplyDefinitionsAsync(Server);
        await ClusterSetup.ApplyRolesAsync(Server);
        await Server.ApplyAsync("""
            {"apiVersion":"mesh.operator.dev/v1alpha1","kind":"Mesh","metadata":{"name":"default"},"spec":{}}
            """);
        await Server.ApplyAsync(ClusterSetup.Generated("config/admission/webhook.yaml"));
        await OperatorAccess.UntilInForceAsync(Server);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    [Test]
    public async Task Everything_in_the_table_is_allowed_to_the_operator()
    {
        using var admin = Server.Client();
        var denied = new List<string>();
        foreach (var (rule, space) in OperatorAccess.Rules)
        {
            foreach (var resource in rule.Resources)
            {
                foreach (var verb in rule.Verbs)
                {
                    if (!await OperatorAccess.IsAllowedAsync(admin, rule, (resource, verb, space)))
                    {
                        denied.Add($"{verb} {resource} ({string.Join(", ", rule.Names)}) in \"{space}\"");
                    }
                }
            }
        }

        Assert.That(denied, Is.Empty);
    }

    /// <summary>What kubectl auth can-i --list shows, without what everybody may.</summary>
    [Test]
    public async Task Nothing_but_the_table_is_allowed_to_the_operator()
    {
        var rules = await RulesOfAsync(OperatorNames.Operator);

        var table = OperatorAccess.Rules.SelectMany(pair => OperatorAccess.Flat(pair.Rule.Group, pair.Rule.Resources, pair.Rule.Names, pair.Rule.Verbs)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        Assert.That(rules, Is.EqualTo(table));
    }

    [Test]
    public async Task Node_may_do_what_everybody_may()
    {
        Assert.That(await RulesOfAsync(OperatorNames.Node), Is.Empty);
    }

    [TestCaseSource(nameof(Forbidden))]
    public async Task Step_beyond_the_role_is_forbidden(params string[] arguments)
    {
        var outcome = await AsAsync(OperatorNames.Operator, arguments);

        Assert.That(outcome.ExitCode, Is.Not.Zero);
        Assert.That(outcome.Output, Does.Contain("Forbidden").Or.Contain("forbidden"));
    }

    [Test]
    public async Task Operators_own_requests_succeed()
    {
        string[][] requests =
        [
            ["get", "meshes,trafficpolicies,httproutes,grpcroutes,services,endpointslices,pods,namespaces,serviceaccounts", "--all-namespaces"],
            ["get", "meshes", "default"],
            ["get", "crds"],
            ["get", "lease", OperatorNames.Operator, "--namespace", OperatorNames.Namespace],
            ["create", "secret", "generic", OperatorNames.AdmissionSecret, "--namespace", OperatorNames.Namespace],
            ["get", "secret", OperatorNames.AdmissionSecret, "--namespace", OperatorNames.Namespace],
            ["get", "validatingwebhookconfiguration", OperatorNames.WebhookConfiguration],
            ["annotate", "validatingwebhookconfiguration", OperatorNames.WebhookConfiguration, "a=b"],
        ];
        var failed = new List<string>();
        foreach (var request in requests)
        {
            var outcome = await AsAsync(OperatorNames.Operator, request);
            if (outcome.ExitCode != 0 && !outcome.Output.Contains("NotFound", StringComparison.Ordinal))
            {
                failed.Add($"{string.Join(' ', request)}: {outcome.Output}");
            }
        }

        Assert.That(failed, Is.Empty);
    }

    [Test]
    public async Task Operators_own_writes_succeed_through_the_client()
    {
        using var client = await ClusterSetup.ClientOfAsync(Server, OperatorNames.Operator);
        var lease = new V1Lease { Metadata = new V1ObjectMeta { Name = OperatorNames.Operator }, Spec = new V1LeaseSpec { HolderIdentity = "a" } };
        var created = await client.CoordinationV1.CreateNamespacedLeaseAsync(lease, OperatorNames.Namespace).WithTimeout();
        created.Spec.HolderIdentity = "b";

        await client.CoordinationV1.ReplaceNamespacedLeaseAsync(created, OperatorNames.Operator, OperatorNames.Namespace).WithTimeout();
        await client.CustomObjects.PatchClusterCustomObjectStatusAsync(
            new V1Patch("{\"status\":{\"summary\":{\"proxies\":\"0/0\"}}}", V1Patch.PatchType.MergePatch), "mesh.operator.dev", "v1alpha1", "meshes", "default").WithTimeout();
        await client.EventsV1.CreateNamespacedEventAsync(
            new Eventsv1Event
            {
                Metadata = new V1ObjectMeta { GenerateName = "mesh-" },
                EventTime = DateTime.UnixEpoch.AddYears(50).AddMicroseconds(123456),
                Action = "Judge",
                Reason = "Accepted",
                Type = "Normal",
                ReportingController = OperatorNames.Operator,
                ReportingInstance = "a",
                Regarding = new V1ObjectReference { Kind = "Mesh", Name = "default", NamespaceProperty = "default" },
            },
            "default").WithTimeout();
        var review = await client.AuthenticationV1.CreateTokenReviewAsync(new V1TokenReview { Spec = new V1TokenReviewSpec { Token = "nobody's" } }).WithTimeout();

        Assert.That(review.Status.Authenticated, Is.Not.True);
    }

    private Task<CommandOutcome> AsAsync(string account, params string[] arguments) => Server.TryKubectlAsync(
        [.. arguments, "--as", OperatorAccess.User(account), "--as-group", "system:serviceaccounts", "--as-group", "system:authenticated"]);

    private async Task<IReadOnlyList<string>> RulesOfAsync(string account)
    {
        using var client = await ClusterSetup.ClientOfAsync(Server, account);
        var review = await client.AuthorizationV1.CreateSelfSubjectRulesReviewAsync(
            new V1SelfSubjectRulesReview { Spec = new V1SelfSubjectRulesReviewSpec { NamespaceProperty = OperatorNames.Namespace } }).WithTimeout();
        return
        [
            .. review.Status.ResourceRules
                .SelectMany(rule => (rule.ApiGroups ?? []).SelectMany(group => OperatorAccess.Flat(group, rule.Resources ?? [], rule.ResourceNames is { Count: > 0 } names ? names : null, rule.Verbs)))
                .Where(rule => !rule.Contains("selfsubject", StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    }
}
