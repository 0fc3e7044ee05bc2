// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Mesh.Operator.Replicas;

/// <summary>Where other replicas reach this one.</summary>
internal static class ReplicaAddress
{
    /// <param name="listen">Where xDS is served; null: at the machine's own socket only.</param>
    /// <param name="pod">The pod's address; null outside a pod.</param>
    /// <returns>Null where there is no such address.</returns>
    public static string? Of(string? listen, string? pod)
    {
        if (listen is null || !IPEndPoint.TryParse(listen, out var served) || served.Port == 0)
        {
            return null;
        }

        var isAny = served.Address.Equals(IPAddress.Any) || served.Address.Equals(IPAddress.IPv6Any);
        return !isAny ? served.ToString() : IPAddress.TryParse(pod, out var own) ? new IPEndPoint(own, served.Port).ToString() : null;
    }
}
