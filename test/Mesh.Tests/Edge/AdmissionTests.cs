// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Grpc.Core;
using Mesh.Testing;
using Mesh.Testing.RawGrpc;
using Mesh.Xds;
using Mesh.Xds.Edge;
using Microsoft.Extensions.Time.Testing;
using GrpcStatus = Grpc.Core.Status;

namespace Mesh.Tests.Edge;

/// <summary>Who is let into the initial sync when many come at once.</summary>
internal sealed class AdmissionTests
{
    private static readonly DeltaDiscoveryRequest First = new() { TypeUrl = ResourceType.Cluster.TypeUrl(), Node = new() { Id = "node/n1" } };

    [Test]
    public async Task Gate_lets_so_many_in_and_the_others_in_order()
    {
        var gate = new AdmissionGate(new EdgeLimits { Starting = 2 }, new FakeTimeProvider());
        var first = await gate.EnterAsync("a", CancellationToken.None);
        await gate.EnterAsync("b", CancellationToken.None);
        var third = gate.EnterAsync("c", CancellationToken.None).AsTask();
        var fourth = gate.EnterAsync("d", CancellationToken.None).AsTask();

        Assert.That((gate.Starting, gate.Waiting), Is.EqualTo((2, 2)));
        first.Dispose();

        await third.WithTimeout();
        Assert.That((fourth.IsCompleted, gate.Starting), Is.EqualTo((false, 2)));
    }

    [Test]
    public async Task Gate_counts_a_stalled_stream_no_longer()
    {
        var time = new FakeTimeProvider();
        var gate = new AdmissionGate(new EdgeLimits { Starting = 1, StartTime = TimeSpan.FromSeconds(1) }, time);
        await gate.EnterAsync("a", CancellationToken.None);
        var next = gate.EnterAsync("b", CancellationToken.None).AsTask();

        time.Advance(TimeSpan.FromSeconds(1));

        await next.WithTimeout();
        Assert.That(gate.Starting, Is.EqualTo(1));
    }

    [Test]
    public async Task Gate_whose_queue_is_full_says_come_again()
    {
        var gate = new AdmissionGate(new EdgeLimits { Starting = 1, WaitingToStart = 1 }, new FakeTimeProvider());
        await gate.EnterAsync("a", CancellationToken.None);
        _ = gate.EnterAsync("b", CancellationToken.None).AsTask();

        await Assert.ThatAsync(
            () => gate.EnterAsync("c", CancellationToken.None).AsTask(),
            Throws.TypeOf<RpcException>().With.Property("Status").EqualTo(
                new GrpcStatus(StatusCode.Unavailable, "1 streams are starting and 1 wait for it; connect again later.")));
    }

    [Test]
    public async Task Streams_of_a_storm_are_all_served_and_the_gate_is_empty_afterwards()
    {
        await using var scene = await HostileScene.StartAsync(new EdgeLimits { Starting = 2, StartTime = TimeSpan.FromMinutes(1) });
        var clients = new List<RawConnection>();
        var calls = new List<RawCall>();
        for (var i = 0; i < 20; i++)
        {
            clients.Add(await RawConnection.ConnectAsync(scene.Address));
        }

        for (var i = 0; i < 400; i++)
        {
            var call = await clients[i % clients.Count].CallAsync();
            await call.SendAsync(First);
            calls.Add(call);
        }

        await Task.WhenAll(calls.Select(static call => call.Answered)).WithTimeout();
        await scene.UntilAsync(static edge => edge.Admission.Starting == 0);
        Assert.That(scene.Streams.Count, Is.EqualTo(400));
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Test]
    public async Task Stream_that_is_sent_nothing_leaves_the_gate_too()
    {
        await using var scene = await HostileScene.StartAsync(new EdgeLimits { Starting = 1, StartTime = TimeSpan.FromMinutes(1) });
        await using var client = await RawConnection.ConnectAsync(scene.Address);
        var silent = await client.CallAsync();

        await silent.SendAsync(new DeltaDiscoveryRequest { TypeUrl = ResourceType.Endpoint.TypeUrl(), Node = new() { Id = "node/n1" } });

        await scene.ServesAnotherAsync();
        await scene.UntilAsync(static edge => edge.Admission.Starting == 0);
    }

    [Test]
    public async Task Streams_without_a_request_take_no_place_and_are_cut_in_time()
    {
        await using var scene = await HostileScene.StartAsync(
            new EdgeLimits { Starting = 1, StartTime = TimeSpan.FromMinutes(1), FirstRequestTime = TimeSpan.FromSeconds(1) });
        await using var client = await RawConnection.ConnectAsync(scene.Address);
        var silent = await client.CallAsync();
        var torn = await client.CallAsync();
        await torn.SendBytesAsync(RawCall.Frame(First.ToByteArray()).AsMemory(0, 9));

        await scene.ServesAnotherAsync();

        var expected = new GrpcStatus(StatusCode.DeadlineExceeded, "No request came within 1 s; a stream begins with one that holds the node.");
        Assert.That(await Task.WhenAll(silent.Ended, torn.Ended).WithTimeout(), Has.All.EqualTo(expected));
    }
}
