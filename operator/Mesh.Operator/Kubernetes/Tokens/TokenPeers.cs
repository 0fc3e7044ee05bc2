// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Access;
using Mesh.Model;
using Mesh.Xds.Peers;
using Mesh.Xds.Streams;

namespace Mesh.Operator.Kubernetes.Tokens;

/// <summary>
/// Who a pod may be to xDS, by its token. The account of the nodes' DaemonSet may be the proxy of the very node that its pod runs on; every pod
/// may be an application that is its own proxy, in its own namespace.
/// </summary>
/// <param name="checks">Judges tokens.</param>
/// <param name="space">The operator's namespace, where the nodes' account is.</param>
internal sealed class TokenPeers(TokenChecks checks, string space) : IBearerJudge
{
    public async Task<PeerVerdict> JudgeAsync(string token, string client, CancellationToken ct) =>
        (await checks.CheckAsync(token, client, ct)).Match<PeerVerdict>(
            holder => new PeerVerdict.Accepted(PeerOf(holder, space)),
            problem => new PeerVerdict.Refused(problem),
            problem => new PeerVerdict.Undecided(problem));

    public Task<bool> IsThereAsync(CancellationToken ct) => checks.IsThereAsync(ct);

    internal static PeerIdentity PeerOf(TokenHolder holder, string space)
    {
        var isNode = holder.Account == OperatorNames.Node && holder.Namespace == space;
        return new PeerIdentity
        {
            Subject = $"{holder.Namespace}/{holder.Pod} ({holder.Account})",
            Uris = [],
            Until = holder.Until,
            Rights = new PeerRights
            {
                Namespace = holder.Namespace,
                Node = isNode && holder.Node is { Length: > 0 } node ? new NodeName(node) : null,
                NoNode = isNode
                    ? "it does not say which node its pod is on, which Kubernetes puts into tokens from 1.30 on; use certificates (--xds-auth Certificate)."
                    : $"it is one of service account {holder.Namespace}/{holder.Account}, and the mesh's nodes have {space}/{OperatorNames.Node}.",
            },
        };
    }
}
