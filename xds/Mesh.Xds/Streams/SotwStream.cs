// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Streams;

/// <summary>What the types of one state-of-the-world stream share.</summary>
/// <param name="outbox">Sends.</param>
/// <param name="book">Told what is under way, accepted and refused.</param>
/// <param name="limits">What the stream may cost.</param>
/// <param name="ttlClock">Of a client that can be told a TTL; null for another, at which nothing expires.</param>
internal sealed class SotwStream(SotwOutbox outbox, AckBook book, SessionLimits limits, TimeProvider? ttlClock)
{
    private bool isTtlLost;
    private bool isTtlLossTold;

    public SotwOutbox Outbox => outbox;

    public AckBook Book => book;

    public SessionLimits Limits => limits;

    /// <summary>What is wrong with names that the proxy asks for.</summary>
    public NameProblems Problems { get; } = new();

    public TimeProvider? TtlClock => ttlClock;

    /// <summary>A resource with a TTL was sent without it.</summary>
    public void LoseTtl() => isTtlLost = true;

    /// <summary>Whether that has happened, the first time that it has.</summary>
    public bool TakeTtlLoss()
    {
        var isNews = isTtlLost && !isTtlLossTold;
        isTtlLossTold |= isNews;
        return isNews;
    }
}
