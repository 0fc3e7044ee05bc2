// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Sources;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>Lists and watches against an API server as it comes.</summary>
internal sealed class KubernetesSourceTests
{
    private static readonly ObjectKey Policy = new("TrafficPolicy", Objects.Space, "cart");

    [Test]
    public async Task Cluster_is_read_and_followed()
    {
        await using var server = await TestApiServer.StartAsync();
        using var client = server.Client();
        await server.DefineAsync(Definitions.Ours);
        await Objects.CreateSpaceAsync(client);
        await Objects.CreateAccountAsync(client, "first");
        await using var source = RunningSource.Start(server);

        await source.Synced.WithTimeout();
        Assert.That(source.Store.Current.ServiceAccounts, Does.ContainKey(Objects.Account("first")));
        Assert.That(source.Requests.Of("serviceaccounts"), Is.EqualTo(
            ["/api/v1/serviceaccounts?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"]));

        await Objects.CreateAccountAsync(client, "second");
        await source.StateAsync(state => Objects.HasAccounts(state, ["first", "second"]));
        await Objects.DeleteAccountAsync(client, "first");
        await source.StateAsync(state => Objects.HasAccounts(state, ["second"]));
        await server.ApplyAsync(Objects.Policy("cart", "{targetRefs: [{kind: Service, name: cart}], timeouts: {request: 2s}}"));
        var state = await source.StateAsync(state => state.TrafficPolicies.ContainsKey(Policy));

        Assert.That(state.TrafficPolicies[Policy].Spec.Timeouts?.Request, Is.EqualTo("2s"));
        Assert.That(state.TrafficPolicies[Policy].Metadata.Generation, Is.EqualTo(1));
        Assert.That(source.CountsOf("ServiceAccount").Lists, Is.EqualTo(1));
    }

    [Test]
    public async Task Change_of_a_status_is_no_change()
    {
        await using var server = await TestApiServer.StartAsync();
        using var client = server.Client();
        await server.DefineAsync(Definitions.Ours);
        await Objects.CreateSpaceAsync(client);
        await server.ApplyAsync(Objects.Policy("cart", "{targetRefs: [{kind: Service, name: cart}], timeouts: {request: 2s}}"));
        await using var source = RunningSource.Start(server);
        await source.Synced.WithTimeout();
        var before = await source.StateAsync(state => state.TrafficPolicies.ContainsKey(Policy));

        await server.KubectlAsync(
            "patch", "trafficpolicies", "cart", "-n", Objects.Space, "--subresource=status", "--type=merge",
            "-p", """{"status":{"summary":{"target":"Service/cart"}}}""");
        await server.ApplyAsync(Objects.Policy("later", "{targetRefs: [{kind: Service, name: later}], timeouts: {request: 2s}}"));
        var after = await source.StateAsync(state => state.TrafficPolicies.Count == 2);

        Assert.That(after.TrafficPolicies[Policy], Is.SameAs(before.TrafficPolicies[Policy]));
    }

    [Test]
    public async Task Server_without_streaming_lists_is_listed_by_pages()
    {
        var names = Enumerable.Range(0, 1100).Select(i => $"account-{i}").ToList();
        await using var server = await TestApiServer.StartAsync("--feature-gates=WatchList=false");
        using var client = server.Client();
        await Objects.CreateSpaceAsync(client);
        await Parallel.ForEachAsync(names, async (name, _) => await Objects.CreateAccountAsync(client, name));
        await using var source = RunningSource.Start(server);

        await source.Synced.WithTimeout();
        Assert.That(Objects.HasAccounts(source.Store.Current, names), Is.True);
        Assert.That(
            source.Requests.Of("serviceaccounts").Skip(1).Take(3).Select(request => request.Split("&continue=")[0]),
            Is.EqualTo(Enumerable.Repeat("/api/v1/serviceaccounts?limit=500", 3)));

        await Objects.DeleteAccountAsync(client, "account-7");
        await source.StateAsync(state => Objects.HasAccounts(state, names.Where(name => name != "account-7")));
    }

    [Test]
    public async Task Nothing_is_synced_before_every_kind_is()
    {
        await using var server = await TestApiServer.StartAsync();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var source = RunningSource.Start(server, before: async (request, ct) =>
        {
            if (request.StartsWith("/api/v1/pods", StringComparison.Ordinal))
            {
                held.TrySetResult();
                await release.Task.WaitAsync(ct);
            }
        });
        using var client = server.Client();
        await Objects.CreateSpaceAsync(client);
        await held.Task.WithTimeout();
        await source.StateAsync(state => state.Namespaces.ContainsKey(new ObjectKey("Namespace", "", Objects.Space)));
        Assert.That(source.Synced.IsCompleted, Is.False);

        release.SetResult();

        await source.Synced.WithTimeout();
    }
}
