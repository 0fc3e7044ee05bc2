// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>Numbers the responses of a state-of-the-world stream.</summary>
/// <param name="streamId">The stream's number.</param>
/// <param name="form">How the client takes resources.</param>
internal sealed class SotwOutbox(long streamId, ResponseForm form)
{
    private List<EncodedResponse> responses = [];
    private long lastSequence;

    /// <summary>Number and nonce of the next response. With the stream's number, so that an answer meant for an earlier stream is not taken for one of this.</summary>
    public (long Sequence, string Nonce) Next()
    {
        lastSequence++;
        return (lastSequence, string.Create(CultureInfo.InvariantCulture, $"{streamId}.{lastSequence}"));
    }

    /// <param name="typeUrl">The type.</param>
    /// <param name="version">Hash of all that the proxy has of the type when it accepts this.</param>
    /// <param name="nonce">See <see cref="Next"/>.</param>
    /// <param name="resources">What the response holds.</param>
    public void Send(string typeUrl, UInt128 version, string nonce, ImmutableArray<EncodedResource> resources) => responses.Add(new EncodedResponse
    {
        TypeUrl = typeUrl,
        Version = Text(version),
        Nonce = nonce,
        Resources = resources,
        Removed = [],
        Form = form,
    });

    public IReadOnlyList<EncodedResponse> Take()
    {
        var taken = responses;
        responses = [];
        return taken;
    }

    public static string Text(UInt128 version) => version.ToString("x32", CultureInfo.InvariantCulture);
}
