// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Tests.Telemetry;

internal sealed class LineFormatterTests
{
    [Test]
    public void Entry_is_one_line_whatever_it_says()
    {
        var line = Written("refused: \u001b[31mno\r\n12:00:00.000 info: Mesh[1] all is well", new IOException("torn\nline"));

        Assert.That(line, Is.EqualTo(
            "12:34:56.789 warn: Mesh.Test[7] refused:  [31mno  12:00:00.000 info: Mesh[1] all is well System.IO.IOException: torn line\n"));
    }

    private static string Written(string message, Exception? exception)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 26, 12, 34, 56, 789, TimeSpan.Zero));
        using var writer = new StringWriter();
        new LineFormatter(time).Write(
            new LogEntry<string>(LogLevel.Warning, "Mesh.Test", new EventId(7), message, exception, static (state, _) => state), scopeProvider: null, writer);
        return writer.ToString();
    }
}
