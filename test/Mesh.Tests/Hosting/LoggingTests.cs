// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Mesh.Tests.Hosting;

internal sealed class LoggingTests
{
    [TestCase(true, LoggerColorBehavior.Disabled)]
    [TestCase(false, LoggerColorBehavior.Default)]
    public void Log_has_no_colours_where_it_goes_to_a_file_beside_the_table(bool isLive, LoggerColorBehavior expected)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => MeshHost.ConfigureLogging(logging, isLive));
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptionsMonitor<SimpleConsoleFormatterOptions>>().CurrentValue;

        Assert.That(options.ColorBehavior, Is.EqualTo(expected));
    }
}
