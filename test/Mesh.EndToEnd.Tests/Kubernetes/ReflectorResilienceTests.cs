// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Operator.Sources;
using Mesh.Testing;
using Mesh.Testing.Kubernetes;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>What becomes of watches when the API server, or the way to it, misbehaves. An object that is there all the time is never missed.</summary>
internal sealed class ReflectorResilienceTests
{
    private const string Keeper = "keeper";

    [Test]
    public async Task Watch_that_ends_every_few_seconds_loses_nothing_and_lists_nothing_again()
    {
        await using var server = await TestApiServer.StartAsync("--min-request-timeout=2", "--goaway-chance=0.02");
        await using var source = await StartAsync(server);
        using var client = server.Client();
        var names = new List<string> { Keeper };
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);

        // Watches last two to four seconds: each kind has several of them meanwhile.
        for (var i = 0; i < 120; i++)
        {
            await pace.WaitForNextTickAsync();
            names.Add($"account-{i}");
            await Objects.CreateAccountAsync(client, names[^1]);
            if (i % 10 == 9)
            {
                await Objects.DeleteAccountAsync(client, names[^5]);
                names.RemoveAt(names.Count - 5);
            }
        }

        await source.StateAsync(state => Objects.HasAccounts(state, names));
        var counts = source.CountsOf("ServiceAccount");
        Assert.That(counts.Lists, Is.EqualTo(1));
        Assert.That(counts.Watches, Is.GreaterThanOrEqualTo(3));
        Assert.That(source.Broken, Is.Empty);
    }

    [Test]
    public async Task Version_that_was_compacted_away_means_a_new_list_that_reveals_deletions()
    {
        await using var server = await TestApiServer.StartAsync("--watch-cache=false");
        await using var relay = new TcpRelay(server.Address.Port);
        await using var source = await StartAsync(server, relay.Port, "victim");
        using var client = server.Client();

        relay.Cut();
        await Objects.DeleteAccountAsync(client, "victim");
        await Objects.CreateAccountAsync(client, "first");
        await server.CompactAsync(await Objects.CreateAccountAsync(client, "second"));
        relay.Restore();

        await source.StateAsync(state => Objects.HasAccounts(state, [Keeper, "first", "second"]));
        Assert.That(source.CountsOf("ServiceAccount").Lists, Is.EqualTo(2));
        Assert.That(source.Broken, Is.Empty);
    }

    [Test]
    public async Task Page_token_that_was_compacted_away_means_a_list_in_one_piece()
    {
        var names = Enumerable.Range(0, 510).Select(i => string.Create(CultureInfo.InvariantCulture, $"account-{i}")).ToList();
        await using var server = await TestApiServer.StartAsync("--feature-gates=WatchList=false", "--watch-cache=false");
        using var client = server.Client();
        await Objects.CreateSpaceAsync(client);
        await Parallel.ForEachAsync(names, async (name, _) => await Objects.CreateAccountAsync(client, name));

        // Between the first page and the second, things go on and etcd forgets.
        await using var source = RunningSource.Start(server, before: async (request, _) =>
        {
            if (request.StartsWith("/api/v1/serviceaccounts", StringComparison.Ordinal) && request.Contains("&continue=", StringComparison.Ordinal))
            {
                await Objects.CreateAccountAsync(client, "meanwhile");
                await server.CompactAsync(await Objects.CreateAccountAsync(client, "last"));
            }
        });

        await source.Synced.WithTimeout();
        Assert.That(Objects.HasAccounts(source.Store.Current, [.. names, "meanwhile", "last"]), Is.True);
        Assert.That(source.Requests.Of("serviceaccounts").Select(request => request.Split("continue=")[0]), Does.Contain("/api/v1/serviceaccounts?limit=500&"));
        Assert.That(source.Requests.All, Does.Contain("/api/v1/serviceaccounts"));
    }

    [Test]
    public async Task Server_that_was_away_is_followed_again_and_equal_content_is_no_change()
    {
        await using var server = await TestApiServer.StartAsync();
        await using var source = await StartAsync(server, port: null, "victim");
        var before = source.Store.Current;

        await server.StopServerAsync();
        await source.Logs.LineAsync("ServiceAccount: the API server cannot be followed");
        await server.StartServerAsync();
        await source.Logs.LineAsync("ServiceAccount: the API server is followed again");
        Assert.That(source.Store.Current.Revision, Is.EqualTo(before.Revision));

        using var client = server.Client();
        await Objects.DeleteAccountAsync(client, "victim");
        await Objects.CreateAccountAsync(client, "newborn");

        await source.StateAsync(state => Objects.HasAccounts(state, [Keeper, "newborn"]));
        Assert.That(source.Broken, Is.Empty);
    }

    [Test]
    public async Task Writes_while_the_way_is_cut_arrive_afterwards_without_a_list()
    {
        await using var server = await TestApiServer.StartAsync();
        await using var relay = new TcpRelay(server.Address.Port);
        await using var source = await StartAsync(server, relay.Port, "victim");
        using var client = server.Client();

        relay.Cut();
        await Objects.CreateAccountAsync(client, "newborn");
        await Objects.DeleteAccountAsync(client, "victim");
        relay.Restore();

        await source.StateAsync(state => Objects.HasAccounts(state, [Keeper, "newborn"]));
        Assert.That(source.CountsOf("ServiceAccount").Lists, Is.EqualTo(1));
        Assert.That(source.Broken, Is.Empty);
    }

    /// <summary>A source that has read the keeper and, where named, a victim.</summary>
    private static async Task<RunningSource> StartAsync(TestApiServer server, int? port = null, params string[] more)
    {
        using var client = server.Client();
        await Objects.CreateSpaceAsync(client);
        foreach (var name in more.Prepend(Keeper))
        {
            await Objects.CreateAccountAsync(client, name);
        }

        var source = RunningSource.Start(server, port);
        await source.Synced.WithTimeout();
        await source.StateAsync(state => Objects.HasAccounts(state, [Keeper, .. more]));
        source.Invariant = static state => state.ServiceAccounts.ContainsKey(Objects.Account(Keeper)) ? null : $"{state.Revision} lacks {Keeper}";
        return source;
    }
}
