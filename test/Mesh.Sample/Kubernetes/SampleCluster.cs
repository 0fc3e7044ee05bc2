// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using Mesh.Sample.Folder;
using Mesh.Testing.Kubernetes;

namespace Mesh.Sample.Kubernetes;

/// <summary>The sample's objects in an API server, by kubectl.</summary>
internal sealed class SampleCluster(TestApiServer server, SampleOptions options, Action<string> say)
{
    private const string Space = "shop";
    private const string Kinds = "trafficpolicies.mesh.operator.dev,httproutes.gateway.networking.k8s.io,grpcroutes.gateway.networking.k8s.io,meshnodes.mesh.operator.dev";

    private string Samples => options.Directory;

    /// <summary>CRDs, then the sample's objects, then what a kubelet would write into its pods.</summary>
    public async Task InstallAsync(string gatewayApi)
    {
        await server.DefineAsync(Path.Combine(options.Root, "crds", "manifests"));
        await server.DefineAsync(gatewayApi);
        await server.KubectlAsync("apply", "--server-side", "-f", Path.Combine(options.Root, "config", "base", "namespace.yaml"));
        await server.KubectlAsync("apply", "--server-side", "-f", Path.Combine(Samples, "namespace.yaml"));
        say(await server.KubectlAsync("apply", "--server-side", "-f", Samples));
        foreach (var pod in YamlNodes.ReadFolder(Samples).Where(document => document.Text("kind") == "Pod"))
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
            await server.KubectlAsync(
                "patch", "pod", pod.Text("metadata", "name") ?? "", "--namespace", pod.Text("metadata", "namespace") ?? "default",
                "--subresource=status", "--type=merge", "--patch", status.ToJsonString());
        }
    }

    /// <summary>Completes when every policy and route is in force; throws with kubectl's words when they are not in time.</summary>
    public async Task ProgrammedAsync(TimeSpan limit)
    {
        await server.KubectlAsync("wait", "--for=condition=Programmed", Timeout(limit), "--namespace", Space, "trafficpolicies", "--all");
        const string programmed = "--for=jsonpath={.status.parents[0].conditions[?(@.type==\"Programmed\")].status}=True";
        await server.KubectlAsync("wait", programmed, Timeout(limit), "--namespace", Space, "httproutes,grpcroutes", "--all");
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
        await server.KubectlAsync("apply", "--server-side", "-f", file);
        return long.Parse(
            await server.KubectlAsync("get", "trafficpolicy", policy, "--namespace", Space, "-o", "jsonpath={.metadata.generation}"), CultureInfo.InvariantCulture);
    }

    public Task<string> TableAsync() => server.KubectlAsync("get", Kinds, "--all-namespaces");

    /// <summary>Prints policies as they change, until cancelled.</summary>
    public async Task WatchAsync(CancellationToken ct)
    {
        say("Change policies with kubectl and see; Ctrl-C ends.");
        await server.FollowAsync(say, ct, "get", "trafficpolicies", "--all-namespaces", "--watch");
    }

    private static string Timeout(TimeSpan limit) => string.Create(CultureInfo.InvariantCulture, $"--timeout={limit.TotalSeconds:0}s");
}
