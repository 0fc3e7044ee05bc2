// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Envoy.Config.Cluster.V3;
using Grpc.AspNetCore.Server;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Edge;
using Microsoft.Extensions.DependencyInjection;
using GrpcStatus = Grpc.Core.Status;

namespace Mesh.Tests.Edge;

/// <summary>A server with one cluster, and what it must still do and no longer hold after an abuse.</summary>
internal sealed class HostileScene : IAsyncDisposable
{
    private readonly XdsServer server;

    private HostileScene(XdsServer server) => this.server = server;

    public Uri Address => server.Address;

    public StreamEdge Edge => server.Service<StreamEdge>();

    public OpenStreams Streams => server.Service<OpenStreams>();

    public static async Task<HostileScene> StartAsync(EdgeLimits limits)
    {
        var mesh = new HandMadeSnapshots();
        mesh.Publish(HandMadeSnapshots.Encode(ResourceType.Cluster, "a", new Cluster { Name = "a" }));
        return new HostileScene(await XdsServer.StartAsync(mesh.Store, customise: services =>
        {
            services.AddSingleton(limits);

            // The recorder of requests would hold what is to be gone.
            services.PostConfigure<GrpcServiceOptions>(static options => options.Interceptors.Clear());
        }));
    }

    public static GrpcStatus Exhausted(string detail) => new(Grpc.Core.StatusCode.ResourceExhausted, detail);

    /// <summary>Another client comes, asks and gets.</summary>
    public async Task ServesAnotherAsync()
    {
        await using var proxy = new FakeEnvoy(server.Address, "good");
        await proxy.SubscribeAllAsync(ResourceType.Cluster);
        await proxy.WaitForAsync(static proxy => proxy.Held.Count == 1);
    }

    /// <summary>Waits until the edge is as wanted. It tells nobody of its changes, so this asks it, again and again, for a bounded time.</summary>
    public async Task UntilAsync(Func<StreamEdge, bool> wanted, [CallerArgumentExpression(nameof(wanted))] string what = "")
    {
        var time = TimeProvider.System;
        for (var started = time.GetTimestamp(); !wanted(Edge); await Task.Delay(TimeSpan.FromMilliseconds(5), time, CancellationToken.None))
        {
            Assert.That(time.GetElapsedTime(started), Is.LessThan(Timeouts.Default), what);
        }
    }

    /// <summary>Waits until no stream is left.</summary>
    public Task EmptyAsync() => UntilAsync(_ => Streams.Count == 0, "no stream is left");

    /// <summary>Live memory of the process, in MiB.</summary>
    public static long LiveMebibytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: true) >> 20;
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();
}
