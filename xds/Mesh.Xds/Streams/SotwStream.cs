// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Streams;

/// <summary>What the types of one state-of-the-world stream share.</summary>
/// <param name="Outbox">Sends.</param>
/// <param name="Book">Told what is under way, accepted and refused.</param>
/// <param name="Limits">What the stream may cost.</param>
internal sealed record SotwStream(SotwOutbox Outbox, AckBook Book, SessionLimits Limits)
{
    /// <summary>What is wrong with names that the proxy asks for.</summary>
    public NameProblems Problems { get; } = new();
}
