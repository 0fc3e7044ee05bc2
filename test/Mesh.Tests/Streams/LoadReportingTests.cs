// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.LoadStats.V3;
using Grpc.Core;
using Grpc.Net.Client;
using Mesh.Testing;

namespace Mesh.Tests.Streams;

internal sealed class LoadReportingTests
{
    /// <summary>The status on which clients give up until they are told otherwise; anything else makes them come back at once.</summary>
    [Test]
    public async Task Load_report_is_refused_as_unimplemented()
    {
        await using var server = await XdsServer.StartAsync(new HandMadeSnapshots().Store);
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var call = new LoadReportingService.LoadReportingServiceClient(channel).StreamLoadStats();

        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout());

        // In gRPC's own words: the client would make the same code of an HTTP 404.
        Assert.That(refusal?.Status, Is.EqualTo(new Grpc.Core.Status(StatusCode.Unimplemented, "Service is unimplemented.")));
    }
}
