// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Operator.Admission;
using Mesh.Operator.Cli;
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Kubernetes.Tokens;
using Mesh.Operator.Pipeline;
using Mesh.Operator.Proxies;
using Mesh.Operator.Replicas;
using Mesh.Operator.Sources;
using Mesh.Operator.Sources.Files;
using Mesh.Operator.Status;
using Mesh.Operator.Telemetry;
using Mesh.Xds.Acks;
using Mesh.Xds.Bootstrap;
using Mesh.Xds.Hosting;
using Mesh.Xds.Hosting.Tls;
using Mesh.Xds.Snapshots;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;
using Prometheus;

namespace Mesh.Operator;

/// <summary>The composition root: file mode, Kubernetes mode and tests differ in what they register, and in nothing else.</summary>
public static class MeshHost
{
    private static readonly TimeSpan StatusPace = TimeSpan.FromMilliseconds(20);

    /// <param name="options">What to serve, and where.</param>
    /// <param name="isLive">Keep a table on the screen; else conditions are logged as lines.</param>
    /// <param name="customise">Replaces registrations, for tests.</param>
    public static WebApplication Build(RunOptions options, bool isLive, Action<IServiceCollection>? customise = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        ConfigureLogging(builder.Logging, isLive);
        ConfigureServer(builder.WebHost, options);
        AddPipeline(builder.Services, options);
        AddProxy(builder.Services, options);
        if (isLive)
        {
            builder.Services.AddHostedService<LiveTable>();
        }

        customise?.Invoke(builder.Services);
        var app = builder.Build();
        if (options.Admission is not null)
        {
            app.MapMeshAdmission();
        }

        app.MapMeshXds();
        if (app.Services.GetService<FleetBoard>() is not null)
        {
            app.MapMeshReplicas();
        }

        if (options.HttpListen is not null)
        {
            app.MapMetrics("/metrics", app.Services.GetRequiredService<MeshMetrics>().Registry);
            app.MapHealth();
        }

        return app;
    }

    internal static void ConfigureLogging(ILoggingBuilder logging, bool isLive)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("Mesh", LogLevel.Information);

        // Who asks for health is told; that it is not there yet, or no longer, is no failure.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        logging.Services.TryAddSingleton(TimeProvider.System);
        logging.AddConsole(static console => console.FormatterName = LineFormatter.FormatterName).AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
        if (isLive)
        {
            logging.Services.Configure<ConsoleLoggerOptions>(
                console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }
    }

    private static void ConfigureServer(IWebHostBuilder host, RunOptions options) => host.ConfigureKestrel(kestrel =>
    {
        Directory.CreateDirectory(options.StateDirectory);
        SocketFile.RemoveLeftover(options.SocketPath);
        kestrel.ListenUnixSocket(options.SocketPath, listen => listen.Protocols = HttpProtocols.Http2);
        if (options.Listen is not null)
        {
            kestrel.Listen(IPEndPoint.Parse(options.Listen), listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                if (options.ListenTls is not null)
                {
                    listen.UseMeshTls();
                }
            });
        }

        if (options.Admission is not null)
        {
            kestrel.ListenForMeshAdmission(options.Admission);
        }

        if (options.HttpListen is not null)
        {
            kestrel.Listen(IPEndPoint.Parse(options.HttpListen), listen => listen.Protocols = HttpProtocols.Http1);
        }
    });

    private static void AddPipeline(IServiceCollection services, RunOptions options)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(options.Debounce);
        services.AddSingleton<ResourceStore>();
        AddSource(services, options);
        services.AddMeshXds();
        if (options.ListenTls is { } tls)
        {
            services.AddMeshTls(tls);
            AddAuthentication(services, options, tls);
        }

        services.AddSingleton<MeshMetrics>();
        services.AddHealthChecks().AddCheck<SourceCheck>("source");
        services.AddSingleton<ReconcileServices>();
        services.AddSingleton<ReconcileLoop>();
        services.AddHostedService(provider => provider.GetRequiredService<ReconcileLoop>());
        services.AddHostedService<SourceLoop>();
        services.AddSingleton<StatusBoard>();
        services.AddSingleton(provider => new StatusServices(
            provider.GetRequiredService<IStatusWriter>(),
            StatusPace,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<MeshMetrics>(),
            provider.GetRequiredService<ILogger<StatusLoop>>()));
        services.TryAddSingleton<IFleet, NoFleet>();
        services.AddSingleton<StatusSources>();
        services.AddHostedService<StatusLoop>();
    }

    // Whoever could come in by no proof at all must not be served for want of an option.
    private static void AddAuthentication(IServiceCollection services, RunOptions options, TlsFiles tls)
    {
        switch (options.Auth)
        {
            case XdsAuth.Certificate when tls.ClientCa is not null && !tls.IsCertificateOptional:
                break;
            case XdsAuth.Token or XdsAuth.Either when options.Kubernetes is { } cluster:
                services.AddMeshPodTokens(cluster);
                break;
            case XdsAuth.Certificate or XdsAuth.Token or XdsAuth.Either:
                throw new ArgumentException($"Clients cannot prove who they are by {options.Auth}: it takes roots for certificates, a cluster for tokens.", nameof(options));
        }
    }

    private static void AddSource(IServiceCollection services, RunOptions options)
    {
        if (options.Kubernetes is { } cluster)
        {
            services.AddMeshKubernetes(cluster);
            if (options.Admission is { } admission)
            {
                services.AddMeshAdmission(admission);
            }

            return;
        }

        var folder = options.Directory ?? throw new ArgumentException("Neither a folder nor a cluster to serve: set Directory or Kubernetes.", nameof(options));
        services.AddSingleton<IResourceSource>(provider => new FileSource(
            new FileSourceOptions { Folder = folder },
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<FileSource>>()));
        services.AddSingleton<IStatusWriter>(new FileStatusWriter(options.StatusDirectory));
    }

    private static void AddProxy(IServiceCollection services, RunOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<ProxyDisplay>();
        switch (options.Proxy)
        {
            case ProxyKind.Envoy:
                services.AddSingleton(_ => new EnvoySetup
                {
                    Binary = options.EnvoyPath ?? throw new InvalidOperationException("An Envoy is found before the loop starts."),
                    StateFolder = Path.Combine(options.StateDirectory, "envoy"),
                    Node = options.MeshNode,
                    ControlPlane = ControlPlaneAddress.Unix(options.SocketPath),
                });
                services.AddSingleton<EnvoyLoop>();
                services.AddHostedService(provider => provider.GetRequiredService<EnvoyLoop>());
                break;
            case ProxyKind.Simulated:
                services.AddHostedService<SimulatedLoop>();
                break;
            case ProxyKind.External:
                break;
        }
    }
}
