// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>What a stream knows of one name at its proxy.</summary>
/// <param name="since">Responses older than this do not concern it: the name was unsubscribed since.</param>
internal sealed class HeldResource(long since)
{
    /// <summary>Version that the proxy has when it accepts what was sent; null: none.</summary>
    public string? Sent { get; set; }

    /// <summary>Version that the proxy is known to have; null: none.</summary>
    public string? Confirmed { get; set; }

    /// <summary>The resource of version <see cref="Confirmed"/>, unless it was only reported by version.</summary>
    public EncodedResource? Good { get; set; }

    /// <summary>The resource of version <see cref="Sent"/>, as above.</summary>
    public EncodedResource? Latest { get; set; }

    /// <summary>Number of the newest response that names it.</summary>
    public long Sequence { get; set; }

    /// <summary>Number of the newest response that names it and was answered.</summary>
    public long Answered { get; set; }

    /// <summary>The proxy says that it has it from an earlier stream; not compared yet.</summary>
    public bool Reported { get; set; }

    /// <summary>The proxy was told that there is none.</summary>
    public bool IsToldAbsent { get; set; }

    public bool IsInFlight => Sequence > Answered;

    public bool Concerns(long sequence) => sequence >= since && sequence > Answered;

    public bool IsLatest(long sequence) => sequence == Sequence;
}
