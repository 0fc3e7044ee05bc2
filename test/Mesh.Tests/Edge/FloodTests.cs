// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Grpc.Core;
using Mesh.Testing;
using Mesh.Testing.RawGrpc;
using Mesh.Xds;
using Mesh.Xds.Edge;

namespace Mesh.Tests.Edge;

/// <summary>
/// Too much of what is allowed in small numbers. Memory is that of the whole process, so these run alone; each abuse is done twice, for what
/// the first one leaves in pools the second one uses.
/// </summary>
[NonParallelizable]
internal sealed class FloodTests
{
    private const int SlackMebibytes = 20;
    // How long a request may take is no part of these, and a slow machine takes long.
    private static readonly EdgeLimits Limits = new() { RequestBytes = 64 << 20, UnhandledBytes = 128 << 20, RequestTime = TimeSpan.FromMinutes(10) };
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly DeltaDiscoveryRequest First = new() { TypeUrl = ResourceType.Cluster.TypeUrl(), Node = new() { Id = "node/n1" } };
    private static readonly byte[] Tiny = RawCall.Frame(new DeltaDiscoveryRequest { TypeUrl = ResourceType.Cluster.TypeUrl() }.ToByteArray());

    [Test]
    public Task Hundred_thousand_tiny_requests_are_served() => UnharmedAsync(async client =>
    {
        var call = await client.CallAsync();
        await call.SendAsync(First);
        await call.Answered.WithTimeout();
        var hundred = Enumerable.Repeat(Tiny, 100).SelectMany(static bytes => bytes).ToArray();
        for (var i = 0; i < 1000; i++)
        {
            await call.SendBytesAsync(hundred);
        }

        await call.HalfCloseAsync();

        Assert.That((await call.Ended.WithTimeout(Long)).StatusCode, Is.EqualTo(StatusCode.OK));
    });

    [Test]
    public Task Ping_flood_of_a_client_that_reads_is_answered() => UnharmedAsync(async client =>
    {
        for (var i = 0; i < 20_000; i++)
        {
            await client.SendAsync(FrameType.Ping, 0, 0, new byte[8]);
        }
    });

    [Test]
    public Task Ping_flood_of_a_client_that_never_reads_is_cut() => UnharmedAsync(async scene =>
    {
        await using var client = await RawConnection.ConnectAsync(scene.Address, reads: false);
        var pings = Pings(2000);

        // The server cuts the connection, or stops to read it: then the socket takes no more.
        var flood = Task.Run(async () =>
        {
            for (var sent = 0; sent < 300; sent++)
            {
                await client.SendRawAsync(pings);
            }
        });
        await Task.WhenAny(flood, Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, CancellationToken.None));

        await scene.ServesAnotherAsync();
        await client.DisposeAsync();
        await flood.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    });

    [Test]
    public Task Settings_flood_is_acknowledged() => UnharmedAsync(async client =>
    {
        for (var i = 0; i < 20_000; i++)
        {
            await client.SendAsync(FrameType.Settings, 0, 0, new byte[] { 0, 3, 0, 0, 0, 100 });
        }
    });

    [Test]
    public Task Empty_data_flood_is_nothing() => UnharmedAsync(async client =>
    {
        var call = await client.CallAsync();
        await call.SendAsync(First);
        await call.Answered.WithTimeout();
        for (var i = 0; i < 50_000; i++)
        {
            await call.EmptyDataAsync();
        }

        await call.HalfCloseAsync();
        Assert.That((await call.Ended.WithTimeout()).StatusCode, Is.EqualTo(StatusCode.OK));
    });

    [Test]
    public Task Rapid_reset_is_survived() => UnharmedAsync(async scene =>
    {
        await using var client = await RawConnection.ConnectAsync(scene.Address);
        try
        {
            for (var i = 0; i < 30_000; i++)
            {
                var call = await client.CallAsync();
                await call.ResetAsync();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Cut: just as well.
        }
    });

    [Test]
    public Task Ten_thousand_streams_on_one_connection_are_held_and_let_go() => UnharmedAsync(async scene =>
    {
        var before = HostileScene.LiveMebibytes();
        await using var client = await RawConnection.ConnectAsync(scene.Address);
        var calls = new List<RawCall>();
        for (var i = 0; i < 10_000; i++)
        {
            calls.Add(await client.CallAsync());
            await calls[^1].SendAsync(First);
        }

        await Task.WhenAll(calls.Select(static call => call.Answered)).WithTimeout(Long);
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{before} MiB, {HostileScene.LiveMebibytes()} MiB with 10 000 streams"));
        var tooMany = await client.CallAsync();
        Assert.That((await tooMany.Ended.WithTimeout()).Detail, Is.EqualTo("Reset 7"), "REFUSED_STREAM");
        await scene.ServesAnotherAsync();
    }, slackMebibytes: 60);

    [Test]
    public Task Million_names_in_one_request_are_answered() => UnharmedAsync(async (RawConnection client) =>
    {
        var before = HostileScene.LiveMebibytes();
        var call = await client.CallAsync();
        await call.SendAsync(Named(1_000_000));

        await Task.WhenAny(call.Answered, call.Ended).WithTimeout(Long);
        Assert.That(call.Ended.IsCompleted, Is.False, "it was answered");
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{before} MiB, {HostileScene.LiveMebibytes()} MiB while subscribed"));
    });

    [Test]
    public Task Client_that_never_reads_holds_up_nobody() => UnharmedAsync(async scene =>
    {
        await using var client = await RawConnection.ConnectAsync(scene.Address, reads: false);
        for (var i = 0; i < 500; i++)
        {
            var call = await client.CallAsync();
            await call.SendAsync(First);
        }

        for (var i = 0; i < 20; i++)
        {
            await scene.ServesAnotherAsync();
        }
    });

    [Test]
    public async Task More_than_a_million_names_are_refused()
    {
        await using var scene = await HostileScene.StartAsync(Limits);
        await using var client = await RawConnection.ConnectAsync(scene.Address);
        var call = await client.CallAsync();

        await call.SendAsync(Named(1_100_000));

        Assert.That(await call.Ended.WithTimeout(Long), Is.EqualTo(
            HostileScene.Exhausted("The request holds 1099986 names or more; at most 1000000 are served.")));
        await scene.ServesAnotherAsync();
    }

    [Test]
    public async Task Node_of_a_million_fields_is_refused()
    {
        await using var scene = await HostileScene.StartAsync(Limits);
        await using var client = await RawConnection.ConnectAsync(scene.Address);
        var call = await client.CallAsync();
        var metadata = new Google.Protobuf.WellKnownTypes.Struct();
        for (var i = 0; i < 200_000; i++)
        {
            metadata.Fields.Add(i.ToString(CultureInfo.InvariantCulture), new());
        }

        await call.SendAsync(new DeltaDiscoveryRequest { TypeUrl = First.TypeUrl, Node = new() { Id = "node/n1", Metadata = metadata } });

        Assert.That((await call.Ended.WithTimeout()).Detail, Does.StartWith("Besides names the request holds"));
        await scene.ServesAnotherAsync();
    }

    [Test]
    public async Task Connection_whose_streams_name_too_much_is_cut()
    {
        await using var scene = await HostileScene.StartAsync(Limits with { NameBytesPerConnection = 10 << 20 });
        await using var client = await RawConnection.ConnectAsync(scene.Address);
        GrpcEnd? cut = null;
        for (var i = 0; i < 10 && cut is null; i++)
        {
            var call = await client.CallAsync();
            await call.SendAsync(Named(20_000));
            await Task.WhenAny(call.Answered, call.Ended).WithTimeout();
            cut = call.Ended.IsCompleted ? new GrpcEnd(i, await call.Ended) : null;
        }

        Assert.That(cut?.Stream, Is.EqualTo(1));
        Assert.That(cut!.Status, Is.EqualTo(HostileScene.Exhausted(
            "The names that the streams of this connection are subscribed to take some 12 MiB; at most 10 MiB are kept.")));
        await scene.ServesAnotherAsync();
    }

    private static DeltaDiscoveryRequest Named(int count)
    {
        var request = First.Clone();
        request.ResourceNamesSubscribe.AddRange(Enumerable.Range(0, count).Select(static i => i.ToString("D8", CultureInfo.InvariantCulture)));
        return request;
    }

    private static byte[] Pings(int count)
    {
        byte[] ping = [0, 0, 8, (byte)FrameType.Ping, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        return [.. Enumerable.Repeat(ping, count).SelectMany(static bytes => bytes)];
    }

    private static Task UnharmedAsync(Func<RawConnection, Task> abuse) => UnharmedAsync(async scene =>
    {
        await using var client = await RawConnection.ConnectAsync(scene.Address);
        await abuse(client);
        await scene.ServesAnotherAsync();
    });

    // A block of 4 KiB for each stream may stay in each of the transport's pools for a while.
    private static async Task UnharmedAsync(Func<HostileScene, Task> abuse, int slackMebibytes = SlackMebibytes)
    {
        await using var scene = await HostileScene.StartAsync(Limits);
        await AbuseAsync(scene, abuse);
        var once = HostileScene.LiveMebibytes();

        await AbuseAsync(scene, abuse);

        var twice = HostileScene.LiveMebibytes();
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{once} MiB after the first time, {twice} MiB after the second"));
        Assert.That(twice - once, Is.LessThan(slackMebibytes));
    }

    private static async Task AbuseAsync(HostileScene scene, Func<HostileScene, Task> abuse)
    {
        await abuse(scene);
        await scene.EmptyAsync();
        await scene.ServesAnotherAsync();
        await scene.EmptyAsync();
    }

    private sealed record GrpcEnd(int Stream, Grpc.Core.Status Status);
}
