// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Streams;

/// <summary>What a stream knows of one name at its proxy.</summary>
/// <param name="since">Responses older than this do not concern it: the name was unsubscribed since.</param>
internal sealed class HeldResource(long since)
{
    /// <summary>A version that is none: the proxy may have the resource, and it is not known in which version.</summary>
    public const string InDoubt = "";

    /// <summary>Version that the proxy has when it accepts what was sent; null: none.</summary>
    public string? Sent { get; set; }

    /// <summary>Version that the proxy is known to have; null: none.</summary>
    public string? Confirmed { get; set; }

    /// <summary>The resource of version <see cref="Confirmed"/>, unless it was only reported by version.</summary>
    public EncodedResource? Good { get; set; }

    /// <summary>The resource of version <see cref="Sent"/>, as above.</summary>
    public EncodedResource? Latest { get; set; }

    /// <summary>A version that was in a refused response and waits to be tried again.</summary>
    public EncodedResource? Queued { get; set; }

    /// <summary>Number of the newest response that names it.</summary>
    public long Sequence { get; set; }

    /// <summary>Number of the newest response that names it and was answered.</summary>
    public long Answered { get; set; }

    /// <summary>Number of the newest response that names it and was accepted; an older answer may come after a newer refusal.</summary>
    public long Applied { get; set; }

    /// <summary>Number of the newest response that says it is gone: what was sent before that is no longer at the proxy.</summary>
    public long Removal { get; set; }

    /// <summary>The proxy says that it has it from an earlier stream; not compared yet.</summary>
    public bool Reported { get; set; }

    /// <summary>The proxy was told that there is none.</summary>
    public bool IsToldAbsent { get; set; }

    /// <summary>Responses that name it and wait for their answers, the newest or not.</summary>
    public int Open { get; set; }

    public bool IsNewestAnswered => Answered >= Sequence;

    /// <summary>Whether a version that the proxy may have has one of these as another name than its own.</summary>
    public bool HasAnyOf(IReadOnlyCollection<string> names) =>
        Latest?.OtherNames.Any(names.Contains) == true || Good?.OtherNames.Any(names.Contains) == true;

    public void Close(long sequence) => Open -= sequence >= since ? 1 : 0;

    public bool CanAccept(long sequence) => sequence >= since && sequence > Applied;

    public bool CanRefuse(long sequence) => sequence >= since && sequence > Answered;

    public bool IsLatest(long sequence) => sequence == Sequence;
}
