// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing;
using Mesh.Xds.Peers;
using Microsoft.Extensions.Logging;

namespace Mesh.Tests.Peers;

public sealed class PeerTallyTests
{
    [Test]
    public void Client_is_told_of_once_and_a_new_one_however_many_there_were()
    {
        using var logs = new RecordedLogs();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(logs));
        var tally = new PeerTally(factory.CreateLogger<PeerTally>());

        for (var number = 0; number < 3000; number++)
        {
            tally.Refused($"10.0.{number >> 8}.{number & 255}", PeerOutcome.Invalid, "no");
        }

        tally.Refused("10.9.9.9", PeerOutcome.Invalid, "no");
        tally.Refused("10.9.9.9", PeerOutcome.Invalid, "no");

        Assert.That(logs.Lines.Count(line => line.Contains("10.9.9.9", StringComparison.Ordinal)), Is.EqualTo(1));
    }
}
