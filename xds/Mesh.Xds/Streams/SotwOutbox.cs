// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>Numbers the responses of a state-of-the-world stream.</summary>
internal sealed class SotwOutbox(long streamId)
{
    private List<EncodedResponse> responses = [];
    private long lastSequence;

    /// <summary>Sends a response and tells its number and nonce.</summary>
    /// <param name="typeUrl">The type.</param>
    /// <param name="version">Hash of all that the proxy has of the type when it accepts this.</param>
    /// <param name="resources">What the response holds.</param>
    public (long Sequence, string Nonce) Send(string typeUrl, UInt128 version, ImmutableArray<EncodedResource> resources)
    {
        lastSequence++;

        // With the stream's number, so that an answer meant for an earlier stream is not taken for one of this.
        var nonce = string.Create(CultureInfo.InvariantCulture, $"{streamId}.{lastSequence}");
        responses.Add(new EncodedResponse
        {
            TypeUrl = typeUrl,
            Version = Text(version),
            Nonce = nonce,
            Resources = resources,
            Removed = [],
            IsBare = true,
        });
        return (lastSequence, nonce);
    }

    public IReadOnlyList<EncodedResponse> Take()
    {
        var taken = responses;
        responses = [];
        return taken;
    }

    public static string Text(UInt128 version) => version.ToString("x32", CultureInfo.InvariantCulture);
}
