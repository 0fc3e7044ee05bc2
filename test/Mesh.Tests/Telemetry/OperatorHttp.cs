// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Operator;
using Mesh.Operator.Cli;
using Mesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Tests.Telemetry;

/// <summary>An operator in file mode, with nothing to serve, and a client of its HTTP port.</summary>
internal sealed class OperatorHttp : IAsyncDisposable
{
    private readonly DirectoryInfo root;
    private readonly WebApplication app;
    private readonly HttpClient client;

    private OperatorHttp(DirectoryInfo root, WebApplication app)
    {
        this.root = root;
        this.app = app;
        var address = app.Urls.Single(static url => url.StartsWith("http://127.0.0.1:", StringComparison.Ordinal));
        client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public IServiceProvider Services => app.Services;

    public static async Task<OperatorHttp> StartAsync(Action<IServiceCollection>? customise = null, ProxyKind proxy = ProxyKind.External)
    {
        var folder = Directory.CreateTempSubdirectory("mesh-http-");
        var host = MeshHost.Build(
            new RunOptions
            {
                Directory = folder.CreateSubdirectory("mesh").FullName,
                StateDirectory = Path.Combine(folder.FullName, "state"),
                Node = "test",
                Proxy = proxy,
                EnvoyPath = null,
                Listen = null,
                HttpListen = "127.0.0.1:0",
            },
            isLive: false,
            customise);
        await host.StartAsync().WithTimeout();
        return new OperatorHttp(folder, host);
    }

    public async Task<(HttpStatusCode Status, string Text)> GetAsync(string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative)).WithTimeout();
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync().WithTimeout());
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.StopAsync().WithTimeout();
        await app.DisposeAsync();
        root.Delete(recursive: true);
    }
}
