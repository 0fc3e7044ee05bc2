// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Xds.Edge;

/// <summary>Puts a <see cref="MeteredBody"/> before the endpoints of the discovery services.</summary>
internal static class MeteredRequests
{
    public static void Meter(this IEndpointConventionBuilder endpoints) => endpoints.Add(static endpoint =>
    {
        if (endpoint.RequestDelegate is { } serve)
        {
            endpoint.RequestDelegate = context => ServeAsync(context, serve);
        }
    });

    private static async Task ServeAsync(HttpContext context, RequestDelegate serve)
    {
        var edge = context.RequestServices.GetRequiredService<StreamEdge>();
        using var body = new MeteredBody(context.Request.BodyReader, context.Connection.Id, edge.Requests, edge.Limits, edge.Time);
        context.Features.Set<IRequestBodyPipeFeature>(new Feature(body));
        await serve(context);
    }

    private sealed class Feature(MeteredBody body) : IRequestBodyPipeFeature
    {
        public System.IO.Pipelines.PipeReader Reader => body;
    }
}
