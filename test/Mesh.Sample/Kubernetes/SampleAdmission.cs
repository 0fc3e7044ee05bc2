// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.NodeAgent.Processes;
using Mesh.Testing.Kubernetes;

namespace Mesh.Sample.Kubernetes;

/// <summary>
/// The operator's webhook in front of all that kubectl writes. The operator runs on this machine and not in the cluster, so the configuration names
/// its address in place of the Service; the certificate and the trust in it are the operator's own, as anywhere.
/// </summary>
internal sealed class SampleAdmission(TestApiServer server, SampleOptions options, TimeProvider time, Action<string> say)
{
    /// <summary>Schema and rules of the CRD allow it; only who knows what a proxy does with it can tell.</summary>
    private const string Refused = """
        apiVersion: mesh.operator.dev/v1alpha1
        kind: TrafficPolicy
        metadata: {name: catalog-host, namespace: shop}
        spec:
          targetRefs: [{kind: Service, name: catalog, sectionName: http}]
          rules:
          - filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: Host, value: catalog.example.com}]}}]
            backendRefs: [{name: catalog, port: 8080}]

        """;

    /// <summary>Right by itself; what it does to another one's route is what its author should know before.</summary>
    private const string Warned = """
        apiVersion: gateway.networking.k8s.io/v1
        kind: GRPCRoute
        metadata: {name: cart-grpc, namespace: shop}
        spec:
          parentRefs: [{group: "", kind: Service, name: cart, port: 8080}]
          rules:
          - backendRefs: [{name: cart-v1, port: 8080}]

        """;

    private static readonly string[] Refusal = ["The TrafficPolicy \"catalog-host\" is invalid", "spec.rules[0].filters[0].requestHeaderModifier.set[0].name", "use a URLRewrite filter"];
    private static readonly string[] Warning = ["Warning:", "replaces the routes of HTTPRoute shop/cart for Service shop/cart"];
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(100);

    /// <summary>Puts the webhook in; from here on new policies wait for the operator.</summary>
    public async Task InstallAsync(IPEndPoint address)
    {
        var manifest = await File.ReadAllTextAsync(Path.Combine(options.Root, "config", "admission", "webhook.yaml"));
        await server.KubectlAsync("apply", "--server-side", "-f", await WriteAsync("webhook.yaml", WebhookByAddress.Of(manifest, address)));
    }

    /// <summary>Completes when the API server asks the operator; it takes a webhook up a moment after it was written, and nothing tells when.</summary>
    public async Task UntilAskedAsync(CancellationToken ct)
    {
        var file = await WriteAsync("warned.yaml", Warned);
        var begin = time.GetTimestamp();
        using var timer = new PeriodicTimer(Again, time);
        while (await TryAsync("--dry-run=server", file) is var outcome && Shortcoming(outcome, isTaken: true, Warning) is { } shortcoming)
        {
            if (time.GetElapsedTime(begin) > options.Limit)
            {
                throw new InvalidOperationException($"the API server does not ask the operator's webhook: {shortcoming}");
            }

            await timer.WaitForNextTickAsync(ct);
        }
    }

    /// <summary>Shows an object that is refused, and one that is taken with a warning; null when both were answered as they should be.</summary>
    public async Task<string?> ShowAsync()
    {
        say("\nWhat is wrong in a policy by itself is refused before it is stored:");
        var refused = await ShowAsync([await WriteAsync("refused.yaml", Refused)], isTaken: false, Refusal);
        say("\nWhat a write means for others is a warning (here of a route, which is not stored):");
        return refused ?? await ShowAsync(["--dry-run=server", await WriteAsync("warned.yaml", Warned)], isTaken: true, Warning);
    }

    private async Task<string?> ShowAsync(string[] arguments, bool isTaken, string[] words)
    {
        say($"$ kubectl apply {string.Join(' ', arguments[..^1].Append("-f").Append(arguments[^1]))}");
        var outcome = await TryAsync(arguments);
        say(outcome.Output.TrimEnd());
        return Shortcoming(outcome, isTaken, words);
    }

    private Task<CommandOutcome> TryAsync(params string[] arguments) => server.TryKubectlAsync(["apply", .. arguments[..^1], "-f", arguments[^1]]);

    /// <summary>What is not as it should be; null when all is.</summary>
    private static string? Shortcoming(CommandOutcome outcome, bool isTaken, string[] words) =>
        outcome.ExitCode == 0 != isTaken ? $"kubectl apply {(isTaken ? "was refused" : "was not refused")}: {outcome.Output}"
        : Array.Find(words, word => !outcome.Output.Contains(word, StringComparison.Ordinal)) is { } missing ? $"kubectl apply did not print \"{missing}\": {outcome.Output}"
        : null;

    private async Task<string> WriteAsync(string name, string text)
    {
        Directory.CreateDirectory(options.State);
        var file = Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(options.State, name));
        await File.WriteAllTextAsync(file, text);
        return file;
    }
}
