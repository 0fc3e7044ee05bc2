// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;

namespace Mesh.Xds.Hosting.Tls;

/// <summary>Tells who was refused, and no more than a line in a while: whoever can connect could fill a disk otherwise.</summary>
internal sealed class RefusedClients(TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private long lastTold = time.GetTimestamp() - (time.TimestampFrequency * (long)Pause.TotalSeconds);
    private long untold;

    public void Tell(string client, string subject, string reason)
    {
        long others;
        lock (gate)
        {
            if (time.GetElapsedTime(lastTold) < Pause)
            {
                untold++;
                return;
            }

            lastTold = time.GetTimestamp();
            (others, untold) = (untold, 0);
        }

        log.ClientRefused(client, subject, reason, others);
    }
}
