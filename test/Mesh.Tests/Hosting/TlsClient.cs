// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Grpc.Net.Client;
using Mesh.Testing;
using Mesh.Xds;

namespace Mesh.Tests.Hosting;

/// <summary>A delta client over TLS that says what came of asking for clusters.</summary>
internal static class TlsClient
{
    /// <summary>Trusts any server that shows a certificate.</summary>
    public static SocketsHttpHandler Handler(X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, presented, _, _) => presented is not null;
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        }

        return handler;
    }

    /// <summary>The names received, and the certificate that the server showed.</summary>
    public static async Task<(string[] Names, string Server)> AskAsync(Uri server, X509Certificate2? certificate)
    {
        var shown = "";
        using var handler = Handler(certificate);
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => (shown = presented!.Subject).Length > 0;
        using var channel = GrpcChannel.ForAddress(server, new GrpcChannelOptions { HttpHandler = handler });
        using var call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel).DeltaAggregatedResources();
        try
        {
            await call.RequestStream.WriteAsync(new DeltaDiscoveryRequest { TypeUrl = ResourceType.Cluster.TypeUrl(), Node = new() { Id = "node/n1" } });
        }
        catch (Exception e) when (e is RpcException or IOException or HttpRequestException)
        {
            // The reason is told to the reader.
        }

        await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout();
        return ([.. call.ResponseStream.Current.Resources.Select(static resource => resource.Name)], shown);
    }
}
