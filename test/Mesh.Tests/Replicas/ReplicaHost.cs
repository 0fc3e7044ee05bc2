// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Replicas;
using Mesh.Testing;
using Mesh.Tests.Status;
using Mesh.Xds.Hosting.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Tests.Replicas;

/// <summary>What two replicas need to talk to each other, and no more of an operator.</summary>
internal sealed class ReplicaHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Leadership leadership;

    private ReplicaHost(WebApplication app, Leadership leadership)
    {
        this.app = app;
        this.leadership = leadership;
    }

    public FleetBoard Board => app.Services.GetRequiredService<FleetBoard>();

    public LeaseBoard Lease => app.Services.GetRequiredService<LeaseBoard>();

    public RecordedLogs Logs { get; private init; } = null!; // Set by the start.

    public string Address => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Authority;

    /// <param name="name">Of the replica.</param>
    /// <param name="tls">Its certificates; null for plain text.</param>
    /// <param name="time">Its clock; null for the system's.</param>
    public static async Task<ReplicaHost> StartAsync(string name, TlsFiles? tls = null, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var logs = new RecordedLogs();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http2;
            if (tls is not null)
            {
                endpoint.UseMeshTls();
            }
        }));
        var leads = new Leadership();
        builder.Services.AddSingleton(time ?? TimeProvider.System).AddSingleton<ILeadership>(leads);
        builder.Services.AddSingleton(new FleetOptions { Unheard = TimeSpan.Zero });
        builder.Services.AddMeshReplicas(new KubernetesOptions { Identity = name });
        if (tls is not null)
        {
            builder.Services.AddMeshTls(tls);
        }

        var built = builder.Build();
        built.MapMeshReplicas();
        await built.StartAsync();
        return new ReplicaHost(built, leads) { Logs = logs };
    }

    public async Task LeadAsync()
    {
        leadership.Leads(true);
        var leading = Board.LeadAsync([], CancellationToken.None);
        Board.Look([]);
        Board.Reported(new StatusScene().Input(), new StatusScene().Run());
        await leading.WithTimeout();
    }

    public void Resign()
    {
        Board.Follow();
        leadership.Leads(false);
    }

    /// <summary>The lease as it would be read while another one leads.</summary>
    public void Follow(string holder, string? address) => Lease.Read(
        holder, address is null ? null : new Dictionary<string, string>(StringComparer.Ordinal) { [LeaseNotes.Address] = address });

    /// <summary>It has these proxies now; each has accepted the scene's policy.</summary>
    public void HaveProxies(params string[] nodes)
    {
        var scene = new StatusScene();
        foreach (var node in nodes)
        {
            scene.WithProxy(node, static proxy => StatusScene.Accepting(proxy, 2));
        }

        scene.WithFleet(Board.Look(scene.Input().Proxies));
        Board.Reported(scene.Input(), scene.Run());
    }

    /// <summary>Waits until the leader counts so many proxies of others.</summary>
    public async Task CountsAsync(int proxies)
    {
        while (true)
        {
            var changed = Board.WaitForChangeAsync(CancellationToken.None);
            if (Board.Look([]).Others.Sum(static replica => replica.Roster.Length) == proxies)
            {
                return;
            }

            await changed.WithTimeout();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private sealed class Leadership : ILeadership
    {
        private readonly Newest<bool> leads = new(false);

        public bool IsLeader => leads.Value;

        public Task WaitForChangeAsync(CancellationToken ct) => leads.Read().Changed.WaitAsync(ct);

        public void Leads(bool value) => leads.Publish(value);
    }
}
