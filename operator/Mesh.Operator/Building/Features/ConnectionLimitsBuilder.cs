// SPDX-License-Identifier: Apache-2.0
using Mesh.Model.Settings;
using Mesh.Operator.Building.Checks;
using Spec = Mesh.Crds.Features;

namespace Mesh.Operator.Building.Features;

internal static class ConnectionLimitsBuilder
{
    public static ConnectionLimits? Build(Spec.ConnectionLimits? spec, string path, ProblemList problems) => spec is null
        ? null
        : new ConnectionLimits
        {
            MaxConnections = Limit(spec.MaxConnections, $"{path}.maxConnections", problems),
            MaxPendingRequests = Limit(spec.MaxPendingRequests, $"{path}.maxPendingRequests", problems),
            MaxRequests = Limit(spec.MaxRequests, $"{path}.maxRequests", problems),
            MaxRequestsPerConnection = Limit(spec.MaxRequestsPerConnection, $"{path}.maxRequestsPerConnection", problems),
            MaxConnectionsPerEndpoint = Limit(spec.MaxConnectionsPerEndpoint, $"{path}.maxConnectionsPerEndpoint", problems),
        };

    private static uint? Limit(int? value, string path, ProblemList problems) =>
        (uint?)SpecChecks.Range(value, 1, 1_000_000, path, problems);
}
