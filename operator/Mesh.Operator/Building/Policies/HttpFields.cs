// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Features;
using Mesh.Crds.V1Alpha1;

namespace Mesh.Operator.Building.Policies;

/// <summary>The fields of a policy that work on requests, so that a port which carries bytes cannot have them.</summary>
internal static class HttpFields
{
    public static IReadOnlyList<string> Of(TrafficPolicySpec spec)
    {
        var fields = new List<string>();
        void Add(bool isUsed, string field)
        {
            if (isUsed)
            {
                fields.Add($"spec.{field}");
            }
        }

        Add(spec.Rules is { Count: > 0 }, "rules");
        Add(spec.Timeouts?.Request is not null, "timeouts.request");
        Add(spec.Timeouts?.StreamIdle is not null, "timeouts.streamIdle");
        Add(spec.Timeouts?.MaxStreamDuration is not null, "timeouts.maxStreamDuration");
        Add(spec.Retries is not null, "retries");
        Add(spec.LoadBalancing?.HashOn?.Any(hash => hash?.Type is not HashOnType.SourceAddress) == true, "loadBalancing.hashOn");
        Add(spec.ConnectionLimits?.MaxRequests is not null, "connectionLimits.maxRequests");
        Add(spec.ConnectionLimits?.MaxRequestsPerConnection is not null, "connectionLimits.maxRequestsPerConnection");
        Add(spec.FaultInjection is not null, "faultInjection");
        return fields;
    }
}
