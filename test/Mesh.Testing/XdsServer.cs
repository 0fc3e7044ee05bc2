// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Envoy.Service.Discovery.V3;
using Grpc.AspNetCore.Server;
using Mesh.Xds.Acks;
using Mesh.Xds.Hosting;
using Mesh.Xds.Hosting.Tls;
using Mesh.Xds.Snapshots;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Testing;

/// <summary>The xDS server alone, on a real Kestrel at a free port: resources in by <see cref="Snapshots"/>, acknowledgements out by <see cref="Ledger"/>.</summary>
public sealed class XdsServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private XdsServer(WebApplication app) => this.app = app;

    public SnapshotStore Snapshots => app.Services.GetRequiredService<SnapshotStore>();

    public AckLedger Ledger => app.Services.GetRequiredService<AckLedger>();

    /// <summary>What proxies have asked for.</summary>
    public IReadOnlyCollection<DeltaDiscoveryRequest> Requests => Recorder.Requests;

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()); // Set by the start.

    private RequestRecorder Recorder => app.Services.GetRequiredService<RequestRecorder>();

    /// <param name="snapshots">The node part builder included.</param>
    /// <param name="port">0 for a free one; a server that is to be started again takes a <see cref="ReservedPort"/>.</param>
    /// <param name="tls">For an endpoint with TLS; null for one in plain text.</param>
    /// <param name="customise">Replaces registrations.</param>
    public static async Task<XdsServer> StartAsync(
        SnapshotStore snapshots, int port = 0, TlsFiles? tls = null, Action<IServiceCollection>? customise = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, port, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http2;
            if (tls is not null)
            {
                endpoint.UseMeshTls();
            }
        }));
        builder.Services.AddSingleton(snapshots).AddMeshXds();
        if (tls is not null)
        {
            builder.Services.AddMeshTls(tls);
        }

        builder.Services.AddSingleton<RequestRecorder>();
        builder.Services.Configure<GrpcServiceOptions>(static options => options.Interceptors.Add<RequestRecorder>());
        customise?.Invoke(builder.Services);
        var built = builder.Build();
        built.MapMeshXds();
        await built.StartAsync();
        return new XdsServer(built);
    }

    public T Service<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>Waits until a proxy has asked for this.</summary>
    public Task RequestedAsync(Predicate<DeltaDiscoveryRequest> wanted, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Recorder.WaitForAsync(wanted, file, line);

    /// <summary>Ends it in order, as a signal does.</summary>
    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
