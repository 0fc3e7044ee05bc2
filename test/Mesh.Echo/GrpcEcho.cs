// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Mesh.Echo.V1;
using Microsoft.AspNetCore.Http.Features;

namespace Mesh.Echo;

/// <summary>The gRPC face of a pod.</summary>
internal sealed class GrpcEcho : V1.Echo.EchoBase
{
    public override async Task<EchoReply> Unary(EchoRequest request, ServerCallContext context)
    {
        await BehaveAsync(request, context);
        return Reply(request, context, index: 0);
    }

    public override async Task ServerStream(EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        for (var index = 0; index < Math.Max(request.Count, 1); index++)
        {
            await BehaveAsync(request, context);
            await responseStream.WriteAsync(Reply(request, context, index), context.CancellationToken);
        }
    }

    private static async Task BehaveAsync(EchoRequest request, ServerCallContext context)
    {
        if (request.DelayMilliseconds > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(request.DelayMilliseconds), TimeProvider.System, context.CancellationToken);
        }

        if (request.Status != 0)
        {
            throw new RpcException(new Status((StatusCode)request.Status, "as asked"));
        }
    }

    private static EchoReply Reply(EchoRequest request, ServerCallContext context, int index)
    {
        var http = context.GetHttpContext();
        var pod = http.Features.GetRequiredFeature<EchoPod>();
        var reply = new EchoReply
        {
            Message = request.Message,
            Pod = pod.Name,
            Namespace = pod.Namespace,
            Version = pod.Version,
            Method = context.Method,
            Authority = context.Host,
            Remote = http.Connection.RemoteIpAddress?.ToString() ?? "",
            Index = index,
        };
        foreach (var (name, values) in http.Request.Headers.OrderBy(header => header.Key, StringComparer.Ordinal))
        {
            var metadata = new V1.Metadata { Name = name };
            metadata.Values.AddRange(values.Select(value => value ?? ""));
            reply.Metadata.Add(metadata);
        }

        return reply;
    }
}
