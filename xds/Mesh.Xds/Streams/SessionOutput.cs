// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Mesh.Xds.Acks;

namespace Mesh.Xds.Streams;

/// <summary>What follows from an event: to be booked, then to be sent.</summary>
internal sealed record SessionOutput
{
    public required IReadOnlyList<EncodedResponse> Responses { get; init; }

    /// <summary>The proxy's new state for the ledger; null when nothing changed.</summary>
    public required ProxyState? State { get; init; }

    /// <summary>Whether the event was a refusal.</summary>
    public required bool IsNack { get; init; }

    /// <summary>Set when the stream must end: the proxy breaks the protocol or a limit.</summary>
    public required Status? Abort { get; init; }

    /// <summary>Set when the session has more to try and wants a <see cref="SessionEvent{T}.Retry"/> after this time, should nothing else happen.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Set once on a stream: a resource with a TTL is sent without it, for the client says nothing of being able to read it.</summary>
    public bool LosesTtl { get; init; }

    /// <summary>What is wrong with names that the proxy asks for; each is answered as one that there is not.</summary>
    public IReadOnlyList<NameProblem> Problems { get; init; } = [];

    public static SessionOutput Aborted(StatusCode code, string why) =>
        new() { Responses = [], State = null, IsNack = false, Abort = new Status(code, why) };
}
