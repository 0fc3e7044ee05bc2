// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Grpc.Health.V1;
using Mesh.Testing;
using Mesh.Testing.RawGrpc;
using Mesh.Xds;
using Mesh.Xds.Edge;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using GrpcStatus = Grpc.Core.Status;

namespace Mesh.Tests.Edge;

/// <summary>What clients see when the process stops.</summary>
internal sealed class DrainTests
{
    [Test]
    public async Task Stopping_sends_goaway_and_ends_every_stream_with_a_reason()
    {
        var mesh = new HandMadeSnapshots();
        await using var server = await XdsServer.StartAsync(mesh.Store);
        mesh.Publish(HandMadeSnapshots.Encode(ResourceType.Cluster, "a", new Cluster { Name = "a" }));
        await using var client = await RawConnection.ConnectAsync(server.Address);
        var calls = await StartAsync(client, 5);

        var stopped = server.StopAsync();

        var ends = await Task.WhenAll(calls.Select(static call => call.Ended)).WithTimeout();
        Assert.That(ends, Has.All.EqualTo(new GrpcStatus(StatusCode.Unavailable, "The control plane is stopping.")));
        Assert.That(await client.GoneAway.WithTimeout(), Is.Zero);
        await client.DisposeAsync();
        await stopped.WithTimeout();
    }

    // The clock stands still unless the test moves it: what is seen between does not depend on how fast the machine is.
    [Test]
    public async Task Stopping_is_spread_and_health_and_new_streams_know_first()
    {
        var time = new FakeTimeProvider();
        var mesh = new HandMadeSnapshots();
        var limits = new EdgeLimits { DrainedPerSecond = 10, LongestDrain = TimeSpan.FromSeconds(1) };
        await using var server = await XdsServer.StartAsync(
            mesh.Store, customise: services => services.AddSingleton(limits).AddSingleton<TimeProvider>(time));
        mesh.Publish(HandMadeSnapshots.Encode(ResourceType.Cluster, "a", new Cluster { Name = "a" }));
        await using var client = await RawConnection.ConnectAsync(server.Address);
        var before = await HealthAsync(client);
        var calls = await StartAsync(client, 10);

        var stopped = server.StopAsync();

        // On the connection that is there already, for no other is taken.
        var health = await HealthAsync(client);
        var late = await client.CallAsync();
        var refusal = await late.Ended.WithTimeout();
        Assert.That((before, health), Is.EqualTo((HealthCheckResponse.Types.ServingStatus.Serving, HealthCheckResponse.Types.ServingStatus.NotServing)));
        Assert.That(refusal, Is.EqualTo(new GrpcStatus(StatusCode.Unavailable, "The control plane is stopping.")));
        Assert.That(calls, Has.None.Matches<RawCall>(static call => call!.Ended.IsCompleted));

        Assert.That(await LeftAfterAsync(0.5, 5), Has.None.Matches<Task>(static call => call!.IsCompleted));
        Assert.That(await LeftAfterAsync(0.5, 0), Is.Empty);
        await client.DisposeAsync();
        await stopped.WithTimeout();

        // Those that are open when time has moved on and all but so many have ended.
        async Task<List<Task<GrpcStatus>>> LeftAfterAsync(double seconds, int expected)
        {
            time.Advance(TimeSpan.FromSeconds(seconds));
            var open = calls.Select(static call => call.Ended).ToList();
            while (open.Count > expected)
            {
                open.Remove(await Task.WhenAny(open).WithTimeout());
            }

            return open;
        }
    }

    private static async Task<HealthCheckResponse.Types.ServingStatus> HealthAsync(RawConnection client)
    {
        var call = await client.CallAsync("/grpc.health.v1.Health/Check");
        await call.SendAsync(new HealthCheckRequest());
        await call.HalfCloseAsync();
        var frame = await call.Answered.WithTimeout();
        return HealthCheckResponse.Parser.ParseFrom(frame.AsSpan(RawCall.Frame([]).Length)).Status;
    }

    private static async Task<RawCall[]> StartAsync(RawConnection client, int count)
    {
        var calls = new RawCall[count];
        for (var i = 0; i < count; i++)
        {
            calls[i] = await client.CallAsync();
            await calls[i].SendAsync(new DeltaDiscoveryRequest { TypeUrl = ResourceType.Cluster.TypeUrl(), Node = new() { Id = "node/n1" } });
        }

        await Task.WhenAll(calls.Select(static call => call.Answered)).WithTimeout();
        return calls;
    }
}
