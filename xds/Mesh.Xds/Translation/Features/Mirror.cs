// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Mesh.Xds.Naming;
using MirrorPolicy = Envoy.Config.Route.V3.RouteAction.Types.RequestMirrorPolicy;

namespace Mesh.Xds.Translation.Features;

/// <summary>A copy of a share of the requests, with the Host that the original has.</summary>
internal static class Mirror
{
    public static MirrorPolicy Build(Model.Routing.Mirror mirror) => new()
    {
        Cluster = ClusterName.Of(mirror.Backend).Value,
        RuntimeFraction = new RuntimeFractionalPercent { DefaultValue = ProtoValues.Millionths(mirror.ShareMillionths) },
        DisableShadowHostSuffixAppend = true,
    };
}
