// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Cli;
using Mesh.Operator.Proxies;
using Mesh.Operator.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.Operator;

/// <summary>The composition root of a node: its Envoy, and who tells how that is.</summary>
internal static class NodeHost
{
    private static readonly TimeSpan AdminLimit = TimeSpan.FromSeconds(2);

    public static WebApplication Build(NodeOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        MeshHost.ConfigureLogging(builder.Logging, isLive: false);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(options.HttpListen, listen => listen.Protocols = HttpProtocols.Http1));
        var services = builder.Services;
        services.AddSingleton(new EnvoySetup
        {
            Binary = options.EnvoyPath,
            StateFolder = Path.Combine(options.StateDirectory, "envoy"),
            Node = options.Node,
            ControlPlane = options.ControlPlane,
            Drain = options.Drain,
        });
        services.AddSingleton<ProxyDisplay>();
        services.AddSingleton<EnvoyLoop>();
        services.AddHostedService(provider => provider.GetRequiredService<EnvoyLoop>());
        services.AddSingleton(_ => new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = AdminLimit });
        services.AddHealthChecks().AddCheck<EnvoyCheck>("envoy");
        var app = builder.Build();
        app.MapHealth();
        app.MapGet("/envoy", (EnvoyLoop envoy) => TypedResults.Json(EnvoyReport.Of(envoy.State.Value), EnvoyReportJson.Default.EnvoyReport));
        return app;
    }
}
