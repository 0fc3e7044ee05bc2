// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using Mesh.Crds.Kinds;
using Mesh.NodeAgent.Processes;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;
using Mesh.Testing.Policies;

namespace Mesh.EndToEnd.Tests.Kubernetes.Admission;

/// <summary>Asks an API server, and through it the webhook, without storing anything.</summary>
internal sealed class DryRuns(TestApiServer server) : IDisposable
{
    private readonly k8s.Kubernetes admin = server.Client();

    public void Dispose() => admin.Dispose();

    public static string Policy(string space, string spec) => new JsonObject
    {
        ["apiVersion"] = "mesh.operator.dev/v1alpha1",
        ["kind"] = "TrafficPolicy",
        ["metadata"] = new JsonObject { ["name"] = "tried", ["namespace"] = space },
        ["spec"] = JsonNode.Parse(spec),
    }.ToJsonString();

    public async Task<CommandOutcome> KubectlAsync(string document)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, document);
            return await server.TryKubectlAsync("apply", "--dry-run=server", "-f", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The API server's words; null for an object that it would have taken.</summary>
    public async Task<string?> RefusalAsync(JsonObject document)
    {
        var kind = KindCatalog.FindByKind(document["kind"]?.GetValue<string>()) ?? throw new ArgumentException("no kind of ours", nameof(document));
        try
        {
            var objects = admin.CustomObjects;
            await (document["metadata"]?["namespace"]?.GetValue<string>() is { } space
                ? objects.CreateNamespacedCustomObjectAsync(document, kind.Group, kind.Version, space, kind.Plural, dryRun: "All", fieldValidation: "Strict")
                : objects.CreateClusterCustomObjectAsync(document, kind.Group, kind.Version, kind.Plural, dryRun: "All", fieldValidation: "Strict")).WithTimeout(Timeouts.Default * 2);
            return null;
        }
        catch (HttpOperationException e)
        {
            return JsonNode.Parse(e.Response.Content)?["message"]?.GetValue<string>() ?? e.Response.Content;
        }
    }

    /// <summary>What of the table of invalid objects was taken, or refused in other words than the user can act on.</summary>
    public async Task<IReadOnlyList<string>> WronglyJudgedAsync()
    {
        var wrong = new List<string>();
        foreach (var invalid in InvalidObjects.All)
        {
            var words = await RefusalAsync(invalid.Document);
            if (words is null || !words.Contains(invalid.Path, StringComparison.Ordinal) || !words.Contains(invalid.Words, StringComparison.Ordinal))
            {
                wrong.Add($"{invalid.Name}: {words ?? "was taken"}");
            }
        }

        return wrong;
    }

    /// <summary>As below, for policies only.</summary>
    public async Task UntilJudgedAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        using var limit = new CancellationTokenSource(Timeouts.Default * 2, TimeProvider.System);
        var byWebhook = InvalidObjects.All.First(invalid => invalid.IsByWebhook);
        while (await RefusalAsync(byWebhook.Document) is not { } words || !words.Contains(byWebhook.Words, StringComparison.Ordinal))
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>The API server takes up a new webhook a moment after it was written, and nothing tells when.</summary>
    /// <param name="space">A namespace that there is.</param>
    public async Task UntilAskedAsync(string space)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        using var limit = new CancellationTokenSource(Timeouts.Default * 2, TimeProvider.System);
        await UntilJudgedAsync();

        // The webhook of the routes may come later than the other.
        var route = $$$"""
            {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"probe","namespace":"{{{space}}}"},
             "spec":{"parentRefs":[{"group":"","kind":"Service","name":"nobody","port":80}]}}
            """;
        while (!(await KubectlAsync(route)).Output.Contains("Warning", StringComparison.Ordinal))
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
