// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Hosting;
using Microsoft.Extensions.Logging;

namespace Mesh.Xds.Peers;

/// <summary>
/// Counts how streams began, and logs each client that is refused once for each reason until it is accepted: it comes again every second or
/// two. No token gets here.
/// </summary>
public sealed class PeerTally(ILogger<PeerTally> log)
{
    private const int MostTold = 1000;

    private readonly Lock gate = new();
    private readonly HashSet<(string Client, PeerOutcome Outcome)> told = [];
    private readonly long[] counts = new long[Enum.GetValues<PeerOutcome>().Length];

    public long Count(PeerOutcome outcome) => Interlocked.Read(ref counts[(int)outcome]);

    /// <param name="client">Address without the port.</param>
    internal void Accepted(string client)
    {
        Interlocked.Increment(ref counts[(int)PeerOutcome.Accepted]);
        lock (gate)
        {
            // Refused again later is news again.
            if (told.Count > 0)
            {
                told.RemoveWhere(entry => entry.Client == client);
            }
        }
    }

    /// <param name="client">Address without the port.</param>
    /// <param name="outcome">The sort of refusal.</param>
    /// <param name="problem">As the client is told.</param>
    internal void Refused(string client, PeerOutcome outcome, string problem)
    {
        Interlocked.Increment(ref counts[(int)outcome]);
        lock (gate)
        {
            if (told.Contains((client, outcome)))
            {
                return;
            }

            if (told.Count >= MostTold)
            {
                // Most of them are gone for good: to tell the others twice is better than to be silent of new ones.
                told.Clear();
            }

            told.Add((client, outcome));
        }

        log.PeerRefused(client, outcome, problem);
    }
}
