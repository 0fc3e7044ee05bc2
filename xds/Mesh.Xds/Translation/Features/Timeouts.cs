// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Route.V3;
using Mesh.Model.Settings;

namespace Mesh.Xds.Translation.Features;

/// <summary>Time limits of a route. The mesh imposes none: Envoy's default of 15 s would end downloads, streams and WebSockets.</summary>
internal static class Timeouts
{
    public static void Apply(RouteAction action, RouteTimeouts timeouts)
    {
        action.Timeout = timeouts.Request.OrNone();
        action.IdleTimeout = timeouts.StreamIdle.OrNone();
        if (timeouts.MaxStreamDuration is { } limit && limit > TimeSpan.Zero)
        {
            action.MaxStreamDuration = new RouteAction.Types.MaxStreamDuration
            {
                MaxStreamDuration_ = limit.ToDuration(),
                GrpcTimeoutHeaderMax = limit.ToDuration(),
            };
        }
    }
}
