// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Fault.V3;
using FaultDelay = Envoy.Extensions.Filters.Common.Fault.V3.FaultDelay;

namespace Mesh.Xds.Translation.Features;

/// <summary>Faults put into a share of a route's requests.</summary>
internal static class Fault
{
    public static void Apply(Route route, Model.Settings.Fault? fault)
    {
        if (fault is null)
        {
            return;
        }

        route.TypedPerFilterConfig.Add(HttpFilterChain.Fault, ProtoValues.Pack(new HTTPFault
        {
            Delay = fault.Delay is { } delay && delay.Duration > TimeSpan.Zero ? Delay(delay) : null,
            Abort = fault.Abort is { } abort ? Abort(abort) : null,
        }));
    }

    private static FaultDelay Delay(Model.Settings.FaultDelay delay) => new()
    {
        FixedDelay = delay.Duration.ToDuration(),
        Percentage = ProtoValues.Millionths(delay.PercentMillionths),
    };

    private static FaultAbort Abort(Model.Settings.FaultAbort abort)
    {
        var message = new FaultAbort { Percentage = ProtoValues.Millionths(abort.PercentMillionths) };
        if (abort.HttpStatus is { } http)
        {
            message.HttpStatus = (uint)http;
        }
        else if (abort.GrpcStatus is { } grpc)
        {
            message.GrpcStatus = (uint)grpc;
        }

        return message;
    }
}
