// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Http.Features;

namespace Mesh.Echo;

/// <summary>gRPC's health check, which generic clients call; the header <c>x-server</c> tells them which pod answered.</summary>
internal sealed class HealthEcho : Health.HealthBase
{
    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        var pod = context.GetHttpContext().Features.GetRequiredFeature<EchoPod>();
        await context.WriteResponseHeadersAsync(new Metadata { { "x-server", pod.Name } });
        return new HealthCheckResponse { Status = HealthCheckResponse.Types.ServingStatus.Serving };
    }
}
