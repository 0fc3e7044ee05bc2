// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Xds.Hosting.Tls;

namespace Mesh.Operator.Replicas;

/// <summary>
/// Who may report: another replica, and no node. All replicas have one certificate, or some with one name; a node's, of the same root, has another. In
/// plain text, which is served at loopback only, everybody on this machine is believed, as with xDS.
/// </summary>
/// <param name="peers">Null where nothing is served by TLS.</param>
internal sealed class ReplicaAccess(PeerTls? peers)
{
    /// <summary>What is wrong with the other end of a connection, or null.</summary>
    public string? Problem(ConnectionInfo connection)
    {
        if (peers is null)
        {
            return connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address)
                ? $"{address} is another machine, of which nothing is believed in plain text; give the operators --tls-cert, --tls-key and --tls-client-ca"
                : null;
        }

        return connection.ClientCertificate is not { } certificate ? "Statuses are reported by replicas of the operator, with their certificate; there is none."
            : peers.IsPeer(certificate) ? null
            : $"Statuses are reported by replicas of the operator; the certificate {certificate.Subject} has none of the DNS and URI names that this one's has.";
    }
}
