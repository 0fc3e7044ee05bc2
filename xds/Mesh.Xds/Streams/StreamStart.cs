// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Streams;

/// <summary>What a new stream comes with.</summary>
/// <param name="Peer">Who the other end is by its certificate or token; null where nobody is asked.</param>
/// <param name="InitialSync">Its place among those that start, to be disposed as soon as its first snapshot was handled and written.</param>
/// <param name="Identified">Told whether the peer may be whom it says it is: null, or why not.</param>
internal sealed record StreamStart(PeerIdentity? Peer, IDisposable InitialSync, Action<string?> Identified);
