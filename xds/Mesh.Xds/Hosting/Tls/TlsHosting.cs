// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mesh.Xds.Hosting.Tls;

/// <summary>Endpoints that speak TLS and, unless told otherwise, serve only clients with a certificate of a given root.</summary>
public static class TlsHosting
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddMeshTls(this IServiceCollection services, TlsFiles files)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => ServerTls.Load(
            files, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ServerTls>>()));
        services.AddSingleton(static provider => new PeerTls(provider.GetRequiredService<ServerTls>()));
        services.AddHealthChecks().AddCheck<CertificateCheck>("certificates");
        return services.AddHostedService<TlsFileWatch>();
    }

    /// <summary>Reads the files as an endpoint would.</summary>
    /// <exception cref="TlsFileException">A file cannot be used.</exception>
    public static void Check(TlsFiles files, TimeProvider time) => ServerTls.Load(files, time, NullLogger<ServerTls>.Instance);

    /// <summary>Makes the endpoint one of HTTP/2 over TLS.</summary>
    /// <exception cref="TlsFileException">A file cannot be used.</exception>
    public static ListenOptions UseMeshTls(this ListenOptions listen)
    {
        ArgumentNullException.ThrowIfNull(listen);
        var tls = listen.ApplicationServices.GetRequiredService<ServerTls>();
        listen.Protocols = HttpProtocols.Http2;
        return listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = context => ValueTask.FromResult(tls.Options(context.Connection.RemoteEndPoint?.ToString() ?? "an unknown address")),
            HandshakeTimeout = HandshakeTimeout,
        });
    }
}
