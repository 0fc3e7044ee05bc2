// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Core;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Building.Services;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Checks;

/// <summary>What is wrong with an object of Kubernetes' own that changes often, and stands in that object alone.</summary>
internal static class CoreChecks
{
    public static Finding? Of(ObjectKey key, Lookups lookups) => lookups.Self switch
    {
        Namespace space => Enrolment.Check(UserObject.Of(key, space), space.Metadata),
        Pod pod => Enrolment.Check(UserObject.Of(key, pod), pod.Metadata),
        EndpointSlice slice => OfSlice(UserObject.Of(key, slice), slice),
        _ => null,
    };

    private static Finding? OfSlice(UserObject source, EndpointSlice slice) => slice.AddressType == EndpointSlice.HostNames
        ? new Finding(
            source.Reference,
            Parent: null,
            FindingCondition.Accepted,
            Reasons.UnsupportedValue,
            "addressType",
            "host names are not resolved, and these endpoints get no requests; write slices of type IPv4 or IPv6")
        : null;
}
