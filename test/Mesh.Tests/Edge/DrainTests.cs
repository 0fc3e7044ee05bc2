// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Mesh.Testing;
using Mesh.Testing.RawGrpc;
using Mesh.Xds;
using Mesh.Xds.Edge;
using Microsoft.Extensions.DependencyInjection;
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

    [Test]
    public async Task Stopping_is_spread_and_health_and_new_streams_know_first()
    {
        var mesh = new HandMadeSnapshots();
        var limits = new EdgeLimits { DrainedPerSecond = 10, LongestDrain = TimeSpan.FromSeconds(1) };
        await using var server = await XdsServer.StartAsync(mesh.Store, customise: services => services.AddSingleton(limits));
        mesh.Publish(HandMadeSnapshots.Encode(ResourceType.Cluster, "a", new Cluster { Name = "a" }));
        using var channel = GrpcChannel.ForAddress(server.Address);
        var health = new Health.HealthClient(channel);
        await health.CheckAsync(new HealthCheckRequest()).ResponseAsync.WithTimeout();
        await using var client = await RawConnection.ConnectAsync(server.Address);
        var calls = await StartAsync(client, 10);

        var stopped = server.StopAsync();

        // A stream on a connection that is there already: the drain has begun, and the first stream not ended yet.
        var late = await client.CallAsync();
        var refusal = await late.Ended.WithTimeout();
        var stillOpen = calls.Count(static call => !call.Ended.IsCompleted);
        await Task.WhenAll(calls.Select(static call => call.Ended)).WithTimeout();
        await client.DisposeAsync();
        await stopped.WithTimeout();
        Assert.That(refusal, Is.EqualTo(new GrpcStatus(StatusCode.Unavailable, "The control plane is stopping.")));
        Assert.That(stillOpen, Is.GreaterThan(5));
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
