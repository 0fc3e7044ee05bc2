// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Grpc.Core;
using Mesh.Testing;
using Mesh.Testing.RawGrpc;
using Mesh.Xds;
using Mesh.Xds.Edge;

namespace Mesh.Tests.Edge;

/// <summary>What no good client does. Each ends in a clear word or in nothing; the server serves the next one, and holds nothing of the last.</summary>
internal sealed class HostileClientTests
{
    private static readonly byte[] FirstRequest = RawCall.Frame(new DeltaDiscoveryRequest
    {
        TypeUrl = ResourceType.Cluster.TypeUrl(),
        Node = new() { Id = "node/n1" },
    }.ToByteArray());

    private static readonly EdgeLimits Limits = new() { RequestBytes = 8 << 20, UnhandledBytes = 16 << 20 };

    [Test]
    public async Task Message_torn_by_a_reset_is_forgotten()
    {
        await using var scene = await HostileScene.StartAsync(Limits);
        await using var client = await RawConnection.ConnectAsync(scene.Address);

        for (var i = 0; i < 100; i++)
        {
            var call = await client.CallAsync();
            await call.SendBytesAsync(RawCall.Frame(new byte[100_000]).AsMemory(0, 50_000));
            await call.ResetAsync();
        }

        await scene.ServesAnotherAsync();
    }

    [Test]
    public async Task Message_torn_by_the_end_of_the_stream_is_an_error()
    {
        await using var scene = await HostileScene.StartAsync(Limits);
        await using var client = await RawConnection.ConnectAsync(scene.Address);
        var call = await client.CallAsync();

        await call.SendBytesAsync(FirstRequest.AsMemory(0, 20));
        await call.HalfCloseAsync();

        Assert.That((await call.Ended.WithTimeout()).Detail, Does.Contain("Incomplete message"));
        await scene.ServesAnotherAsync();
    }

    [Test]
    public async Task Message_torn_by_the_end_of_the_connection_is_forgotten()
    {
        await using var scene = await HostileScene.StartAsync(Limits);
        for (var i = 0; i < 20; i++)
        {
            await using var client = await RawConnection.ConnectAsync(scene.Address);
            var call = await client.CallAsync();
            await call.SendBytesAsync(RawCall.Frame(new byte[1 << 20]).AsMemory(0, 300_000));
        }

        await scene.ServesAnotherAsync();
    }

    [TestCase(0x7fff_ffffu)]
    [TestCase(0xffff_ffffu)]
    [TestCase((8u << 20) + 1)]
    public async Task Message_that_announces_too_much_is_refused_before_it_comes(uint length)
    {
        await using var scene = await HostileScene.StartAsync(Limits);
        await using var client = await RawConnection.ConnectAsync(scene.Address);
        var call = await client.CallAsync();
        var head = new byte[20];
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(1), length);

        await call.SendBytesAsync(RawCall.Frame([]));
        await call.SendBytesAsync(head);
        await call.HalfCloseAsync();

        await scene.ServesAnotherAsync();
        Assert.That((await call.Ended.WithTimeout()).StatusCode, Is.EqualTo(StatusCode.InvalidArgument), "the empty one before it");
        call = await client.CallAsync();
        await call.SendBytesAsync(head);
        await call.SendBytesAsync(new byte[20_000]);
        Assert.That(await call.Ended.WithTimeout(), Is.EqualTo(HostileScene.Exhausted(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The request has {length} bytes; at most 8388608 are served."))));
        await scene.ServesAnotherAsync();
    }

    [Test]
    public async Task Stream_whose_client_half_closes_ends_with_ok()
    {
        await using var scene = await HostileScene.StartAsync(Limits);
        await using var client = await RawConnection.ConnectAsync(scene.Address);
        var call = await client.CallAsync();
        await call.SendBytesAsync(FirstRequest);
        await call.Answered.WithTimeout();

        await call.HalfCloseAsync();

        Assert.That((await call.Ended.WithTimeout()).StatusCode, Is.EqualTo(StatusCode.OK));
        await scene.ServesAnotherAsync();
    }

    [Test]
    public async Task Compressed_message_without_an_encoding_is_refused()
    {
        await using var scene = await HostileScene.StartAsync(Limits);
        await using var client = await RawConnection.ConnectAsync(scene.Address);
        var call = await client.CallAsync();

        await call.SendBytesAsync(RawCall.Frame(FirstRequest.AsSpan(5), flag: 1));

        Assert.That((await call.Ended.WithTimeout()).StatusCode, Is.EqualTo(StatusCode.Internal));
        await scene.ServesAnotherAsync();
    }

    [Test]
    public async Task Compressed_requests_are_refused_unread()
    {
        await using var scene = await HostileScene.StartAsync(Limits);
        await using var client = await RawConnection.ConnectAsync(scene.Address);

        var call = await client.CallAsync(more: ("grpc-encoding", "gzip"));

        var status = await call.Ended.WithTimeout();
        Assert.That((status.StatusCode, status.Detail), Is.EqualTo((StatusCode.Unimplemented, "grpc-encoding is \"gzip\"; requests must come uncompressed.")));
        await scene.ServesAnotherAsync();
    }

    [Test]
    public async Task Other_content_type_is_refused()
    {
        await using var scene = await HostileScene.StartAsync(Limits);
        await using var client = await RawConnection.ConnectAsync(scene.Address);

        var call = await client.CallAsync(contentType: "application/json");

        Assert.That((await call.Ended.WithTimeout()).Detail, Is.EqualTo("Content-Type 'application/json' is not supported."));
        await scene.ServesAnotherAsync();
    }

    [Test]
    public async Task Unknown_method_is_refused()
    {
        await using var scene = await HostileScene.StartAsync(Limits);
        await using var client = await RawConnection.ConnectAsync(scene.Address);

        var call = await client.CallAsync("/envoy.service.discovery.v3.AggregatedDiscoveryService/Nonsense");

        Assert.That((await call.Ended.WithTimeout()).StatusCode, Is.EqualTo(StatusCode.Unimplemented));
        await scene.ServesAnotherAsync();
    }

    [Test]
    public async Task Garbage_is_told_to_be_no_request()
    {
        await using var scene = await HostileScene.StartAsync(Limits);
        await using var client = await RawConnection.ConnectAsync(scene.Address);
        var random = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            var garbage = new byte[random.Next(1, 300)];
            random.NextBytes(garbage);
            garbage[0] = 0x0f; // A wire type that there is none of.
            var call = await client.CallAsync();

            await call.SendBytesAsync(RawCall.Frame(garbage));

            var status = await call.Ended.WithTimeout();
            Assert.That(status.StatusCode, Is.EqualTo(StatusCode.InvalidArgument));
            Assert.That(status.Detail, Does.StartWith("The request is no DeltaDiscoveryRequest: "));
        }

        await scene.ServesAnotherAsync();
    }
}
