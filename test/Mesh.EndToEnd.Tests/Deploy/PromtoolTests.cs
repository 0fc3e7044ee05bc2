// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Deploy;

/// <summary>Prometheus itself judges the rules.</summary>
internal sealed class PromtoolTests
{
    [TestCase("check", "rules.yaml")]
    [TestCase("test", "rules.test.yaml")]
    public async Task Rules_are_good_and_fire_as_they_should(string verb, string file)
    {
        var outcome = await Tool.RunAsync("promtool", "prometheus", verb, "rules", Repository.File("config", "monitoring", file)).WithTimeout(Timeouts.Default * 4);

        Assert.That(outcome.Problem, Is.Null, outcome.Output);
        Assert.That(outcome.Output, Does.Contain("SUCCESS"));
    }
}
