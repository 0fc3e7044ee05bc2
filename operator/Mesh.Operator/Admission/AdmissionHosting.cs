// SPDX-License-Identifier: Apache-2.0
using k8s;
using Mesh.Operator.Admission.Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mesh.Operator.Admission;

/// <summary>
/// Serves the validating webhook. All three belong together: what it needs, the port, and what is done with requests at that port. The host has
/// the store, the source and an <see cref="IKubernetes"/>.
/// </summary>
public static class AdmissionHosting
{
    private const int MostConnections = 1000;

    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddMeshAdmission(this IServiceCollection services, AdmissionOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<AdmissionReviewer>();
        services.AddSingleton<AdmissionEndpoint>();
        services.AddSingleton<ServingCertificate>();
        services.AddSingleton<CertificateCluster>();
        services.AddHostedService<AdmissionWarmUp>();
        return services.AddHostedService<CertificateLoop>();
    }

    /// <summary>Opens the port. As long as there is no certificate a handshake fails, which the API server takes for an absent webhook.</summary>
    public static void ListenForMeshAdmission(this KestrelServerOptions kestrel, AdmissionOptions options)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        ArgumentNullException.ThrowIfNull(options);
        kestrel.Listen(options.Listen, listen =>
        {
            var certificate = listen.ApplicationServices.GetRequiredService<ServingCertificate>();
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.Use(Bounded);
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(certificate.Options()),
                HandshakeTimeout = HandshakeTimeout,
            });
            listen.Use(next => connection =>
            {
                connection.Features.Set(AdmissionConnection.Mark);
                return next(connection);
            });
        });
    }

    /// <summary>
    /// Takes all requests of that port, and none of another one: its clients are authenticated by nobody, so they must not get at what else this
    /// process serves.
    /// </summary>
    public static void MapMeshAdmission(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var endpoint = app.Services.GetRequiredService<AdmissionEndpoint>();
        app.MapWhen(
            static context => context.Features.Get<AdmissionConnection>() is not null,
            branch => branch.Run(endpoint.HandleAsync));
    }

    /// <summary>Each API server keeps a few connections; the others are somebody's who must not use up what serves proxies.</summary>
    private static ConnectionDelegate Bounded(ConnectionDelegate next)
    {
        var open = 0;
        return async connection =>
        {
            try
            {
                if (Interlocked.Increment(ref open) <= MostConnections)
                {
                    await next(connection);
                }
            }
            finally
            {
                Interlocked.Decrement(ref open);
            }
        };
    }

    /// <summary>A connection that came in at the admission port.</summary>
    private sealed class AdmissionConnection
    {
        public static AdmissionConnection Mark { get; } = new();
    }
}
