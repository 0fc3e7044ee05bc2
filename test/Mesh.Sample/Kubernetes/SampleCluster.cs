// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using Mesh.Sample.Folder;
using Mesh.Testing.Kubernetes;
using YamlDotNet.RepresentationModel;

namespace Mesh.Sample.Kubernetes;

/// <summary>The sample's objects in an API server, by kubectl.</summary>
internal sealed class SampleCluster(TestApiServer server, SampleOptions options, TimeProvider time, Action<string> say)
{
    /// <summary>The one node of the sample.</summary>
    public const string Node = "node-1";

    private const string Space = "shop";

    private static readonly TimeSpan WatchAgain = TimeSpan.FromSeconds(2);

    /// <summary>The columns that Gateway API's own CRDs have not.</summary>
    private static readonly string RouteColumns =
        $"custom-columns=KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name,ACCEPTED:{ConditionOf("Accepted")},PROGRAMMED:{ConditionOf("Programmed")}";

    private string Samples => options.Directory;

    /// <summary>CRDs, then the sample's objects, then what a kubelet would write into its pods.</summary>
    public async Task InstallAsync(string gatewayApi)
    {
        await server.DefineAsync(Path.Combine(options.Root, "crds", "manifests"), gatewayApi);
        await server.KubectlAsync(
            "apply", "--server-side", "-f", Path.Combine(options.Root, "config", "base", "namespace.yaml"), "-f", Path.Combine(Samples, "namespace.yaml"));
        say(await server.KubectlAsync("apply", "--server-side", "-f", Samples));
        await Task.WhenAll(YamlNodes.ReadFolder(Samples).Where(document => document.Text("kind") == "Pod").Select(RunAsync));
    }

    /// <summary>Completes when every policy and route is in force and the node refuses nothing; throws with kubectl's words when they are not in time.</summary>
    public async Task ProgrammedAsync(TimeSpan limit)
    {
        await server.KubectlAsync("wait", "--for=condition=Programmed", Timeout(limit), "--namespace", Space, "trafficpolicies", "--all");
        const string programmed = "--for=jsonpath={.status.parents[0].conditions[?(@.type==\"Programmed\")].status}=True";
        await server.KubectlAsync("wait", programmed, Timeout(limit), "--namespace", Space, "httproutes,grpcroutes", "--all");
        await NodeAsync(limit);
    }

    // What a node refuses stems from no policy where it is a listener, say because another process has its address: no policy's status tells.
    private async Task NodeAsync(TimeSpan limit)
    {
        await server.KubectlAsync("wait", "--for=create", Timeout(limit), $"meshnode/{Node}");
        try
        {
            await server.KubectlAsync("wait", "--for=condition=Programmed", Timeout(limit), $"meshnode/{Node}");
        }
        catch (InvalidOperationException e)
        {
            var words = await server.KubectlAsync("get", $"meshnode/{Node}", "-o", "jsonpath={.status.conditions[?(@.type==\"Programmed\")].message}");
            throw new InvalidOperationException($"{e.Message} {words}", e);
        }
    }

    /// <summary>Completes when this generation of the policy is in force.</summary>
    public async Task ProgrammedAsync(string policy, long generation, TimeSpan limit)
    {
        var seen = string.Create(CultureInfo.InvariantCulture, $"--for=jsonpath={{.status.conditions[?(@.type==\"Programmed\")].observedGeneration}}={generation}");
        await server.KubectlAsync("wait", seen, Timeout(limit), "--namespace", Space, $"trafficpolicy/{policy}");
        await server.KubectlAsync("wait", "--for=condition=Programmed", Timeout(limit), "--namespace", Space, $"trafficpolicy/{policy}");
    }

    /// <summary>The sample's policy with another time limit, as a user would apply it; the generation that it led to.</summary>
    public async Task<long> ChangeTimeoutAsync(string policy)
    {
        var changed = JsonNode.Parse(await server.KubectlAsync("get", "trafficpolicy", policy, "--namespace", Space, "-o", "json"))!;
        var manifest = new JsonObject
        {
            ["apiVersion"] = changed["apiVersion"]!.DeepClone(),
            ["kind"] = changed["kind"]!.DeepClone(),
            ["metadata"] = new JsonObject { ["name"] = policy, ["namespace"] = Space },
            ["spec"] = changed["spec"]!.DeepClone(),
        };
        manifest["spec"]!["timeouts"]!["request"] = "1500ms";
        var file = Path.Combine(options.State, "changed.json");
        Directory.CreateDirectory(options.State);
        await File.WriteAllTextAsync(file, manifest.ToJsonString());
        say(await server.KubectlAsync("apply", "--server-side", "-f", file));
        return long.Parse(
            await server.KubectlAsync("get", "trafficpolicy", policy, "--namespace", Space, "-o", "jsonpath={.metadata.generation}"), CultureInfo.InvariantCulture);
    }

    /// <summary>Prints what kubectl shows of policies, nodes and routes.</summary>
    public async Task ShowTablesAsync()
    {
        await ShowAsync("get", "trafficpolicies,meshnodes", "--all-namespaces");
        await ShowAsync("get", "httproutes,grpcroutes", "--all-namespaces", "-o", RouteColumns);
    }

    /// <summary>Prints policies, and what is told of all objects, as they change; until cancelled.</summary>
    public async Task WatchAsync(CancellationToken ct)
    {
        const string told = "{.type} {.reason} {.involvedObject.kind} {.involvedObject.namespace}/{.involvedObject.name}: {.message}{\"\\n\"}";
        try
        {
            await Task.WhenAll(
                FollowAsync(ct, "get", "trafficpolicies", "--all-namespaces", "--watch"),
                FollowAsync(ct, "get", "events", "--all-namespaces", "--watch-only", "-o", $"jsonpath={told}"));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Told to end.
        }
    }

    private static string ConditionOf(string type) => $".status.parents[*].conditions[?(@.type==\"{type}\")].status";

    private async Task ShowAsync(params string[] arguments)
    {
        say($"$ kubectl {string.Join(' ', arguments.Select(static argument => argument.Contains('"', StringComparison.Ordinal) ? $"'{argument}'" : argument))}");
        say(await server.KubectlAsync(arguments));
    }

    /// <summary>kubectl's watch ends when the server says so (after a time, or with the kind's CRD); then it begins anew.</summary>
    private async Task FollowAsync(CancellationToken ct, params string[] arguments)
    {
        var last = "";
        while (true)
        {
            await server.FollowAsync(
                line =>
                {
                    if (line != last)
                    {
                        say(last = line);
                    }
                },
                ct,
                arguments);
            await Task.Delay(WatchAgain, time, ct);
        }
    }

    private Task<string> RunAsync(YamlNode pod)
    {
        var status = new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["phase"] = "Running",
                ["podIP"] = pod.Text("status", "podIP"),
                ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = pod.Text("status", "podIP") }),
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
            },
        };
        return server.KubectlAsync(
            "patch", "pod", pod.Text("metadata", "name") ?? "", "--namespace", pod.Text("metadata", "namespace") ?? "default",
            "--subresource=status", "--type=merge", "--patch", status.ToJsonString());
    }

    private static string Timeout(TimeSpan limit) => string.Create(CultureInfo.InvariantCulture, $"--timeout={limit.TotalSeconds:0}s");
}
