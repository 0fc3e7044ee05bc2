// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Mesh.Testing;
using Mesh.Testing.RawGrpc;
using Mesh.Xds;
using Mesh.Xds.Edge;

namespace Mesh.Tests.Edge;

/// <summary>Requests in pieces: how many bytes of them there can be at a time, and for how long.</summary>
internal sealed class RequestBudgetTests
{
    private const int Large = 1 << 20;

    // No request is cut while a slow machine looks at it, but in the test of that.
    private static readonly EdgeLimits Limits = new() { RequestBytes = 2 << 20, UnhandledBytes = 6 << 20, RequestTime = TimeSpan.FromMinutes(10) };

    [Test]
    public async Task Unfinished_requests_of_one_connection_have_half_the_room_and_others_the_rest()
    {
        await using var scene = await HostileScene.StartAsync(Limits);
        await using var greedy = await RawConnection.ConnectAsync(scene.Address);
        var unfinished = RawCall.Frame(new byte[Large]).AsMemory(0, 20_000);
        var calls = new List<RawCall>();
        for (var i = 0; i < 10; i++)
        {
            calls.Add(await greedy.CallAsync());
            await calls[^1].SendBytesAsync(unfinished);
        }

        await scene.UntilAsync(edge => edge.Requests.Waiting == 8);

        Assert.That(scene.Edge.Requests.InUse, Is.EqualTo(2 * (Large + 5)));
        await using var other = await RawConnection.ConnectAsync(scene.Address);
        var good = await other.CallAsync();
        await good.SendAsync(LargeRequest());
        await good.Answered.WithTimeout();
        Assert.That(calls, Has.None.Matches<RawCall>(static call => call!.Ended.IsCompleted));
    }

    [Test]
    public async Task Request_that_is_not_finished_in_time_is_cut_and_its_room_given_back()
    {
        await using var scene = await HostileScene.StartAsync(Limits with { RequestTime = TimeSpan.FromSeconds(0.2) });
        await using var client = await RawConnection.ConnectAsync(scene.Address);
        var call = await client.CallAsync();

        await call.SendBytesAsync(RawCall.Frame(new byte[Large]).AsMemory(0, 20_000));

        Assert.That(await call.Ended.WithTimeout(), Is.EqualTo(HostileScene.Exhausted("A request of 1048581 bytes was not complete 0.2 s after it began.")));
        await scene.UntilAsync(static edge => edge.Requests.InUse == 0);
    }

    [Test]
    public async Task Requests_in_any_pieces_are_served()
    {
        await using var scene = await HostileScene.StartAsync(Limits);
        await using var client = await RawConnection.ConnectAsync(scene.Address);
        var call = await client.CallAsync();
        var bytes = RawCall.Frame(LargeRequest().ToByteArray()).AsMemory();
        var random = new Random(3);

        for (var i = 0; i < 3; i++)
        {
            for (var rest = bytes; rest.Length > 0;)
            {
                var size = Math.Min(rest.Length, random.Next(10) == 0 ? random.Next(1, 9) : random.Next(1, 70_000));
                await call.SendBytesAsync(rest[..size]);
                rest = rest[size..];
            }
        }

        await call.HalfCloseAsync();
        await call.Answered.WithTimeout();
        Assert.That((await call.Ended.WithTimeout()).StatusCode, Is.EqualTo(Grpc.Core.StatusCode.OK));
        await scene.UntilAsync(static edge => edge.Requests.InUse == 0);
    }

    private static DeltaDiscoveryRequest LargeRequest()
    {
        var request = new DeltaDiscoveryRequest { TypeUrl = ResourceType.Cluster.TypeUrl(), Node = new() { Id = "node/n1" } };
        request.ResourceNamesSubscribe.AddRange(Enumerable.Range(0, 20_000).Select(static i => i.ToString("D50", System.Globalization.CultureInfo.InvariantCulture)));
        return request;
    }
}
