// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Crds.Access;

namespace Mesh.Operator.Admission;

/// <summary>Where admission is served, and where its certificate lives.</summary>
public sealed record AdmissionOptions
{
    /// <summary>Address and port to listen at, <c>0.0.0.0:9443</c>.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>The operator's namespace: of the Service that the API server calls, and of the Secret.</summary>
    public required string Namespace { get; init; }

    /// <summary>What a review may take at most: less than the shortest timeoutSeconds of our webhooks.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>The names that the certificate must be for: those of the Service, and the very address where that is one (a desk, a test).</summary>
    internal IReadOnlyList<string> ServerNames =>
    [
        $"{OperatorNames.AdmissionService}.{Namespace}.svc",
        $"{OperatorNames.AdmissionService}.{Namespace}.svc.cluster.local",
        .. Listen.Address.Equals(IPAddress.Any) || Listen.Address.Equals(IPAddress.IPv6Any) ? [] : new[] { Listen.Address.ToString() },
    ];
}
