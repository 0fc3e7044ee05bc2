// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Mesh.Xds.Edge;
using Mesh.Xds.Streams;

namespace Mesh.Xds.Peers;

/// <summary>
/// How many streams a pod has open. Each is judged in the status of what it uses and costs memory, whatever it is for: a pod that opens them by the
/// thousand would slow down everybody's statuses. Who has proved nothing is not told apart, and not counted.
/// </summary>
internal sealed class PeerStreams(EdgeLimits limits)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> open = new(StringComparer.Ordinal);

    /// <summary>A stream's place, until it is disposed of; null where none is needed.</summary>
    /// <exception cref="RpcException">The pod has as many as it may have.</exception>
    public IDisposable? Enter(PeerIdentity? peer)
    {
        if (peer is not { Rights: not null, Subject: var subject })
        {
            return null;
        }

        lock (gate)
        {
            var count = open.GetValueOrDefault(subject);
            if (count >= limits.StreamsPerPod)
            {
                throw new RpcException(new Status(
                    StatusCode.ResourceExhausted, $"{subject} has {count} streams open, which is the most for one pod; a client needs one, or one for each of its targets."));
            }

            open[subject] = count + 1;
        }

        return new Place(this, subject);
    }

    private void Leave(string subject)
    {
        lock (gate)
        {
            if (--open[subject] == 0)
            {
                open.Remove(subject);
            }
        }
    }

    private sealed class Place(PeerStreams streams, string subject) : IDisposable
    {
        private bool hasLeft;

        public void Dispose()
        {
            if (!hasLeft)
            {
                hasLeft = true;
                streams.Leave(subject);
            }
        }
    }
}
