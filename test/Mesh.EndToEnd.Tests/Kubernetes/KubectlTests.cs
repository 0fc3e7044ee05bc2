// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Mesh.Crds.Access;
using Mesh.Crds.Kinds;
using Mesh.Crds.Schema;
using Mesh.EndToEnd.Tests.Kubernetes.Admission;
using Mesh.NodeAgent.Processes;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>What users do with kubectl, while the operator runs as in a cluster: judges writes, writes statuses, may do what its role says.</summary>
internal sealed partial class KubectlTests
{
    private const string Space = "shop";

    private const string Services = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: cart, namespace: shop}
        spec: {ports: [{name: http, port: 8080}, {name: grpc, port: 9000}]}
        """;

    private const string Policies = """
        apiVersion: mesh.operator.dev/v1alpha1
        kind: Mesh
        metadata: {name: default}
        spec: {defaults: {timeouts: {connect: 2s}}}
        ---
        apiVersion: mesh.operator.dev/v1alpha1
        kind: TrafficPolicy
        metadata: {name: cart, namespace: shop}
        spec: {targetRefs: [{kind: Service, name: cart}], timeouts: {request: 2s}, retries: {attempts: 2}}
        """;

    private const string Routes = """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: cart, namespace: shop}
        spec: {parentRefs: [{group: "", kind: Service, name: cart, port: 8080}], rules: [{backendRefs: [{name: cart, port: 8080}]}]}
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: GRPCRoute
        metadata: {name: cart, namespace: shop}
        spec: {parentRefs: [{group: "", kind: Service, name: cart, port: 9000}], rules: [{backendRefs: [{name: cart, port: 9000}]}]}
        """;

    private static readonly string[] Written = ["mesh/default", "trafficpolicy/cart", "httproute/cart", "grpcroute/cart"];

    private static readonly KindEntry[] OurKinds = [.. AccessTable.UserKinds, .. KindCatalog.Written];

    private ClusterOperator? cluster;
    private DirectoryInfo? folder;

    private ClusterOperator Cluster => cluster ?? throw new InvalidOperationException("not set up");

    private string Applied => Path.Combine(folder?.FullName ?? "", "applied.yaml");

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        folder = Directory.CreateTempSubdirectory("mesh-kubectl-");
        cluster = await ClusterOperator.StartAsync();
        await Cluster.Server.ApplyAsync(Services);
        await File.WriteAllTextAsync(Applied, $"{Policies}\n---\n{Routes}\n");
        await Cluster.Server.KubectlAsync("apply", "-f", Applied);
        await ProgrammedAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }

        folder?.Delete(recursive: true);
    }

    [TearDown]
    public void Operator_is_forbidden_nothing()
    {
        Assert.That(Cluster.Forbidden, Is.Empty);
        Assert.That(Cluster.Log, Does.Not.Contain("(this is a bug)").And.Not.Contain("orbidden").And.Not.Contain("nhandled"));
    }

    [Test]
    public async Task Every_invalid_object_is_refused_with_its_field_and_what_would_be_right()
    {
        Assert.That(await Cluster.DryRuns.WronglyJudgedAsync(), Is.Empty);
        await Cluster.HealthyAsync();
    }

    [TestCase("condition=Accepted", "mesh/default", "trafficpolicy/cart")]
    [TestCase("condition=ResolvedRefs", "mesh/default", "trafficpolicy/cart")]
    [TestCase("condition=Programmed", "mesh/default", "trafficpolicy/cart", "meshnode/" + ClusterOperator.Node)]
    [TestCase("condition=Ready", "mesh/default", "trafficpolicy/cart", "meshnode/" + ClusterOperator.Node)]
    [TestCase("condition=Connected", "meshnode/" + ClusterOperator.Node)]
    [TestCase("jsonpath={.status.parents[*].conditions[?(@.type==\"Programmed\")].status}=True", "httproute/cart", "grpcroute/cart")]
    public async Task Wait_ends(string condition, params string[] objects)
    {
        var outcome = await Cluster.Server.TryKubectlAsync(["wait", $"--for={condition}", "--timeout=150s", "-n", Space, .. objects]);

        Assert.That(outcome.ExitCode, Is.Zero, outcome.Output);
        Assert.That(Lines(outcome.StandardOutput), Has.Length.EqualTo(objects.Length));
    }

    // A node without an Envoy has none to print the version of.
    [TestCase("trafficpolicies", "NAME TARGET ACCEPTED PROGRAMMED PROXIES AGE", "cart Service/cart True True 1/1 *")]
    [TestCase("meshes", "NAME ACCEPTED PROGRAMMED PROXIES AGE", "default True True 1/1 *")]
    [TestCase("meshnodes", "NAME CONNECTED SINCE ENVOY PROGRAMMED CONFIG-AGE REJECTED AGE", "node-1 True * True * 0 *")]
    public async Task Get_shows_state_in_columns(string kind, string header, string row)
    {
        Assert.That(await TableAsync("get", kind, "-n", Space), Is.EqualTo(new[] { header, row }).Using<string>(Matches));
    }

    [TestCase("trafficpolicies", "NAME TARGET ACCEPTED PROGRAMMED PROXIES REASON AGE", "cart Service/cart True True 1/1 Programmed *")]
    [TestCase("meshes", "NAME ACCEPTED PROGRAMMED PROXIES REASON AGE", "default True True 1/1 Programmed *")]
    [TestCase("meshnodes", "NAME CONNECTED SINCE ENVOY PROGRAMMED CONFIG-AGE REJECTED CAPTURE ZONE CONFIG WORKLOADS REASON AGE", "node-1 True * True * 0 Loopback * 0 Programmed *")]
    public async Task Get_shows_details_in_wide_columns(string kind, string header, string row)
    {
        Assert.That(await TableAsync("get", kind, "-n", Space, "-o", "wide"), Is.EqualTo(new[] { header, row }).Using<string>(Matches));
    }

    [Test]
    public async Task Category_and_short_names_find_our_objects()
    {
        var all = Lines(await Cluster.Server.KubectlAsync("get", "mesh-operator", "-n", Space, "-o", "name"));
        var byShortName = Lines(await Cluster.Server.KubectlAsync("get", "tp,mnode", "-n", Space, "-o", "name"));

        Assert.That(all, Is.EquivalentTo(new[] { "mesh.mesh.operator.dev/default", "trafficpolicy.mesh.operator.dev/cart", "meshnode.mesh.operator.dev/node-1" }));
        Assert.That(byShortName, Is.EquivalentTo(new[] { "trafficpolicy.mesh.operator.dev/cart", "meshnode.mesh.operator.dev/node-1" }));
    }

    /// <summary>That each of them has a description is asked of the API server's OpenAPI in RoundTripTests.</summary>
    [Test]
    public async Task Explain_lists_every_field_of_every_kind()
    {
        var missing = new List<string>();
        foreach (var kind in OurKinds)
        {
            var listed = Listed(await Cluster.Server.KubectlAsync("explain", kind.Plural, "--recursive"));
            missing.AddRange(Paths(kind.Schema.Root, "").Where(path => !listed.Contains(path)).Select(path => $"{kind.Kind}.{path}"));
        }

        Assert.That(missing, Is.Empty);
    }

    [TestCase("trafficpolicies.spec.rules.backendRefs.filters.requestHeaderModifier.set.value")]
    [TestCase("meshes.spec.defaults.loadBalancing.hashOn.cookieTTL")]
    [TestCase("meshnodes.status.rejected.message")]
    public async Task Explain_describes_the_deepest_fields(string path)
    {
        Assert.That(await Cluster.Server.KubectlAsync("explain", path), Does.Contain($"FIELD: {path.Split('.')[^1]} <string>").And.Match(@"DESCRIPTION:\n +\S+"));
    }

    [Test]
    public async Task Dry_run_warns_of_what_the_cluster_lacks_and_of_what_is_overridden()
    {
        var missing = await Cluster.DryRuns.KubectlAsync(DryRuns.Policy(Space, """{"targetRefs":[{"kind":"Service","name":"card"}],"retries":{}}"""));
        var second = await Cluster.DryRuns.KubectlAsync(DryRuns.Policy(Space, """{"targetRefs":[{"kind":"Service","name":"cart"}],"retries":{}}"""));
        var route = await Cluster.DryRuns.KubectlAsync(Routes.Replace("name: cart, namespace", "name: late, namespace", StringComparison.Ordinal).Split("---")[0]);

        Assert.That((missing.ExitCode, second.ExitCode, route.ExitCode), Is.EqualTo((0, 0, 0)));
        Assert.That(missing.Output, Does.Contain("Warning: spec.targetRefs[0].name: Service shop/card does not exist"));
        Assert.That(second.Output, Does.Contain("Warning: spec.targetRefs[0]: shop/cart targets Service/cart as well and is older: of the policies on one target only the first is in force; put all features into it"));
        Assert.That(route.Output, Does.Contain("Warning: spec.rules[0].matches[0]: HTTPRoute shop/cart has the same match for Service shop/cart and comes first"));
    }

    [Test]
    public async Task Diff_is_empty_after_apply_and_after_statuses()
    {
        var now = await Cluster.Server.TryKubectlAsync("diff", "-f", Applied);
        var changed = Path.Combine(folder?.FullName ?? "", "changed.yaml");
        await File.WriteAllTextAsync(changed, Policies.Replace("attempts: 2", "attempts: 3", StringComparison.Ordinal));
        await Cluster.Server.KubectlAsync("apply", "-f", changed);
        await ProgrammedAsync();

        var after = await Cluster.Server.TryKubectlAsync("diff", "-f", changed);
        var onServer = await Cluster.Server.TryKubectlAsync("diff", "--server-side", "--force-conflicts", "-f", changed);

        await Cluster.Server.KubectlAsync("apply", "-f", Applied);
        await ProgrammedAsync();
        Assert.That((now.ExitCode, now.Output), Is.EqualTo((0, "")));
        Assert.That((after.ExitCode, after.Output), Is.EqualTo((0, "")));
        Assert.That(OnlyManagedFields(onServer), Is.True, onServer.Output);
    }

    /// <summary>The operator's trust is in a field that nobody applies.</summary>
    [Test]
    public async Task Diff_of_the_webhook_is_empty_after_the_operator_has_written_whom_to_trust()
    {
        var file = Path.Combine(folder?.FullName ?? "", "webhook.yaml");
        await File.WriteAllTextAsync(file, ClusterSetup.Webhook(Cluster.AdmissionPort));

        var diff = await Cluster.Server.TryKubectlAsync("diff", "--server-side", "--field-manager=user", "-f", file);

        Assert.That((diff.ExitCode, diff.Output), Is.EqualTo((0, "")));
    }

    [TestCaseSource(nameof(Written))]
    public async Task What_get_prints_with_its_status_can_be_applied_and_changes_nothing(string name)
    {
        var file = Path.Combine(folder?.FullName ?? "", $"{name.Replace('/', '-')}.yaml");
        var before = await ObjectAsync(name);

        CommandOutcome applied;
        do
        {
            // The version is in it, too; a status that comes in between makes it another one.
            await File.WriteAllTextAsync(file, await Cluster.Server.KubectlAsync("get", name, "-n", Space, "-o", "yaml"));
            applied = await Cluster.Server.TryKubectlAsync("apply", "-f", file);
        }
        while (applied.Output.Contains("the object has been modified", StringComparison.Ordinal));

        var diff = await Cluster.Server.TryKubectlAsync("diff", "-f", file);
        Assert.That(applied.ExitCode, Is.Zero, applied.Output);
        Assert.That(await ObjectAsync(name), Is.EqualTo(before));
        Assert.That((diff.ExitCode, diff.Output), Is.EqualTo((0, "")));
    }

    [TestCaseSource(nameof(Written))]
    public async Task Nothing_of_ours_has_a_finalizer_or_needs_one(string name)
    {
        Assert.That(await Cluster.Server.KubectlAsync("get", name, "-n", Space, "-o", "jsonpath={.metadata.finalizers}"), Is.Empty);
    }

    /// <summary>Waits until the newest generation of all is in force.</summary>
    private async Task ProgrammedAsync()
    {
        foreach (var name in Written)
        {
            var generation = await Cluster.Server.KubectlAsync("get", name, "-n", Space, "-o", "jsonpath={.metadata.generation}");
            string[] conditions = name.Contains("route", StringComparison.Ordinal)
                ? [$"{ParentCondition}.observedGeneration}}={generation}", $"{ParentCondition}.status}}=True"]
                : [$"jsonpath={{.status.observedGeneration}}={generation}", "condition=Programmed"];
            foreach (var condition in conditions)
            {
                await Cluster.Server.KubectlAsync("wait", $"--for={condition}", "--timeout=150s", name, "-n", Space);
            }
        }

        await Cluster.Server.KubectlAsync("wait", "--for=condition=Programmed", "--timeout=150s", $"meshnode/{ClusterOperator.Node}");
    }

    private const string ParentCondition = "jsonpath={.status.parents[0].conditions[?(@.type==\"Programmed\")]";

    /// <summary>What must not change; the annotation that kubectl keeps for itself may, and counts in the status at any time.</summary>
    private Task<string> ObjectAsync(string name) =>
        Cluster.Server.KubectlAsync("get", name, "-n", Space, "-o", "jsonpath={.metadata.uid} {.metadata.generation} {.spec}");

    private async Task<string[]> TableAsync(params string[] arguments) =>
        [.. Lines(await Cluster.Server.KubectlAsync(arguments)).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];

    /// <summary>"*" is a word that is another one each time.</summary>
    private static bool Matches(string actual, string expected)
    {
        var (left, right) = (actual.Split(' '), expected.Split(' '));
        return left.Length == right.Length && left.Zip(right).All(pair => pair.First == pair.Second || pair.First == "*" || pair.Second == "*");
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Another manager takes fields over; nothing else is to differ.</summary>
    private static bool OnlyManagedFields(CommandOutcome diff) => diff.ExitCode == 0 || !ChangedValue().IsMatch(diff.StandardOutput);

    /// <summary>The paths that "kubectl explain --recursive" lists, by indentation.</summary>
    private static HashSet<string> Listed(string text)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<(int Indent, string Path)>();
        foreach (var match in ExplainedField().Matches(text).Cast<Match>())
        {
            var indent = match.Groups["indent"].Length;
            while (open.TryPeek(out var above) && above.Indent >= indent)
            {
                open.Pop();
            }

            var path = open.TryPeek(out var parent) ? $"{parent.Path}.{match.Groups["name"].Value}" : match.Groups["name"].Value;
            open.Push((indent, path));
            found.Add(path);
        }

        return found;
    }

    private static IEnumerable<string> Paths(SchemaNode node, string parent)
    {
        foreach (var property in (node.Items ?? node).Properties)
        {
            var path = parent.Length == 0 ? property.Name : $"{parent}.{property.Name}";
            yield return path;
            foreach (var below in Paths(property.Schema, path))
            {
                yield return below;
            }
        }
    }

    [GeneratedRegex(@"^(?<indent> +)(?<name>[A-Za-z0-9$]+)\t<", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ExplainedField();

    [GeneratedRegex(@"^[+-]  ?(spec|status|kind)|^[+-] +(generation|attempts):", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ChangedValue();
}
