// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Mesh.Operator.Cli;

namespace Mesh.Tests.Cli;

internal sealed class StatusCommandTests
{
    [Test]
    public void Statuses_are_said_to_be_old_unless_an_operator_serves_the_folder()
    {
        var state = Directory.CreateTempSubdirectory("mesh-test-");
        try
        {
            var before = StatusCommand.Notice(state);
            using var served = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            served.Bind(new UnixDomainSocketEndPoint(RunOptions.SocketPathIn(state.FullName)));
            served.Listen();

            Assert.That(before, Is.EqualTo($"no operator runs with --state {state} now; these are the last statuses of the one that did"));
            Assert.That(StatusCommand.Notice(state), Is.Null);
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }
}
