// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Mesh.Testing;
using Mesh.Xds;

namespace Mesh.EndToEnd.Tests.Kubernetes.Tokens;

/// <summary>A pod's own stream, as a gRPC client, that says of itself and of what it gets whatever it likes.</summary>
internal sealed class ApplicationStream : IDisposable
{
    private readonly SocketsHttpHandler handler = new();
    private readonly GrpcChannel channel;
    private readonly AsyncDuplexStreamingCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call;
    private readonly Node node;

    /// <param name="server">Whose certificate is not looked at.</param>
    /// <param name="token">Of the pod.</param>
    /// <param name="id">What it calls itself.</param>
    public ApplicationStream(Uri server, string token, string id)
    {
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, presented, _, _) => presented is not null;
        channel = GrpcChannel.ForAddress(server, new GrpcChannelOptions { HttpHandler = handler });
        call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel)
            .DeltaAggregatedResources(new Grpc.Core.Metadata { { "authorization", $"Bearer {token}" } });
        node = new Node { Id = id, UserAgentName = "gRPC Go", UserAgentVersion = "1.81.0" };
    }

    /// <summary>Asks for a resource, and waits for it.</summary>
    public async Task<DeltaDiscoveryResponse> AskAsync(ResourceType type, string name)
    {
        await call.RequestStream.WriteAsync(new DeltaDiscoveryRequest { Node = node, TypeUrl = type.TypeUrl(), ResourceNamesSubscribe = { name } }).WithTimeout();
        Assert.That(await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout(), Is.True);
        Assert.That(call.ResponseStream.Current.Resources.Select(static resource => resource.Name), Is.EqualTo(new[] { name }));
        return call.ResponseStream.Current;
    }

    /// <summary>Takes a response, or refuses it.</summary>
    /// <param name="response">To which.</param>
    /// <param name="words">Why it is refused; null where it is taken.</param>
    public Task AnswerAsync(DeltaDiscoveryResponse response, string? words) => call.RequestStream.WriteAsync(new DeltaDiscoveryRequest
    {
        TypeUrl = response.TypeUrl,
        ResponseNonce = response.Nonce,
        ErrorDetail = words is null ? null : new Google.Rpc.Status { Code = 3, Message = words },
    }).WithTimeout();

    public void Dispose()
    {
        call.Dispose();
        channel.Dispose();
        handler.Dispose();
    }
}
