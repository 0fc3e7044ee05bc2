// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Acks;
using Mesh.Xds.Hosting;
using Mesh.Xds.Streams;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.XdsBench;

/// <summary>The made-up mesh on a real Kestrel, with its triggers beside it.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private BenchServer(WebApplication app) => this.app = app;

    /// <summary>Where xDS is served and where the triggers are, in this order.</summary>
    public IReadOnlyList<Uri> Addresses =>
        [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(static address => new Uri(address))]; // Set by the start.

    public AckLedger Ledger => app.Services.GetRequiredService<AckLedger>();

    public static async Task<BenchServer> StartAsync(BenchOptions options)
    {
        var mesh = new BenchMesh(options.Services, options.Endpoints);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Listen, static endpoint => endpoint.Protocols = HttpProtocols.Http2);
            kestrel.Listen(options.Admin, static endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton(mesh.Store).AddSingleton<INodeResolver, AnyNode>().AddMeshXds();
        var built = builder.Build();
        built.MapMeshXds();
        Admin.Map(built, mesh, options);
        await built.StartAsync();
        return new BenchServer(built);
    }

    public Task WaitForShutdownAsync() => app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
