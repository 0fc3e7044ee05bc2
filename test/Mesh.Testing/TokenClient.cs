// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Grpc.Net.Client;
using Mesh.Xds;
using Node = Envoy.Config.Core.V3.Node;

namespace Mesh.Testing;

/// <summary>A client over TLS that shows a token on its stream.</summary>
public static class TokenClient
{
    /// <param name="server">Whose certificate is not looked at.</param>
    /// <param name="node">Who the client says it is.</param>
    /// <param name="header">The header <c>authorization</c>; null for none.</param>
    /// <param name="names">What it asks for; without, all clusters.</param>
    /// <returns>The names that came, gone ones with a minus, or the status.</returns>
    public static async Task<string> AskAsync(Uri server, Node node, string? header, params string[] names)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, presented, _, _) => presented is not null;
        using var channel = GrpcChannel.ForAddress(server, new GrpcChannelOptions { HttpHandler = handler });
        var metadata = new Metadata();
        if (header is not null)
        {
            metadata.Add("authorization", header);
        }

        using var call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel).DeltaAggregatedResources(metadata);
        var request = new DeltaDiscoveryRequest { TypeUrl = (names.Length > 0 ? ResourceType.Listener : ResourceType.Cluster).TypeUrl(), Node = node };
        request.ResourceNamesSubscribe.AddRange(names);
        try
        {
            await call.RequestStream.WriteAsync(request);
        }
        catch (Exception e) when (e is RpcException or IOException or InvalidOperationException)
        {
            // The reason is told to the reader.
        }

        return await AnswerAsync(call.ResponseStream);
    }

    private static async Task<string> AnswerAsync(IAsyncStreamReader<DeltaDiscoveryResponse> responses)
    {
        try
        {
            await responses.MoveNext(CancellationToken.None).WithTimeout();
            var response = responses.Current;
            return string.Join(' ', response.Resources.Select(static resource => resource.Name).Concat(response.RemovedResources.Select(static name => $"-{name}")));
        }
        catch (RpcException e)
        {
            return $"{e.StatusCode}: {e.Status.Detail}";
        }
    }
}
