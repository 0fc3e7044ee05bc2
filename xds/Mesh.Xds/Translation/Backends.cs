// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Route.V3;
using Mesh.Model.Routing;
using Mesh.Xds.Naming;
using Mesh.Xds.Translation.Features;
using ClusterWeight = Envoy.Config.Route.V3.WeightedCluster.Types.ClusterWeight;
using NotFoundCode = Envoy.Config.Route.V3.RouteAction.Types.ClusterNotFoundResponseCode;
using RouteAction = Envoy.Config.Route.V3.RouteAction;

namespace Mesh.Xds.Translation;

/// <summary>How a rule's requests are shared out.</summary>
internal static class Backends
{
    public static void Apply(RouteAction action, Model.Routing.RouteAction.Forward forward)
    {
        if (forward.Backends is [{ Target: { } target } only] && only.RequestHeaders.IsEmpty && only.ResponseHeaders.IsEmpty)
        {
            action.Cluster = ClusterName.Of(target).Value;
            return;
        }

        action.WeightedClusters = new WeightedCluster();
        action.WeightedClusters.Clusters.AddRange(forward.Backends.Select(Weight));
        if (forward.Backends.Any(b => b.Target is null))
        {
            // Envoy offers no other way to answer for a cluster that is not there. It holds for the good ones as well while they are unknown.
            action.ClusterNotFoundResponseCode = forward.ErrorStatus == 500 ? NotFoundCode.InternalServerError : NotFoundCode.ServiceUnavailable;
        }
    }

    private static ClusterWeight Weight(WeightedBackend backend)
    {
        var weight = new ClusterWeight { Weight = backend.Weight };
        if (backend.Target is { } target)
        {
            weight.Name = ClusterName.Of(target).Value;
        }
        else
        {
            // The share of a bad reference: a header that is never there names no cluster, and nothing is asked of the control plane.
            weight.ClusterHeader = OriginalDestination.NoBackendHeader;
        }

        Headers.Apply(weight, backend.RequestHeaders, backend.ResponseHeaders);
        return weight;
    }
}
