// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>A response of heartbeats that waits for its answer.</summary>
/// <param name="Nonce">Its nonce.</param>
/// <param name="Resources">What it told to be still there.</param>
internal sealed record SentHeartbeat(string Nonce, ImmutableArray<EncodedResource> Resources);
