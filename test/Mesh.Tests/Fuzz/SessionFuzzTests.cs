// SPDX-License-Identifier: Apache-2.0
using Mesh.Fuzz;

namespace Mesh.Tests.Fuzz;

/// <summary>The fuzz target with some thousand inputs, the same in every run; `make fuzz` runs others for as long as one likes.</summary>
internal sealed class SessionFuzzTests
{
    private const int Inputs = 1500;

    // Inputs that once led to a failure, as `make fuzz` prints them.
    private static readonly string[] Former = [];

    [Test]
    public void Session_inputs_that_failed_once_do_not_fail() => Assert.That(() =>
    {
        foreach (var input in Former)
        {
            SessionTarget.Run(Convert.FromHexString(input));
        }
    }, Throws.Nothing);

    [Test]
    public void Session_seeds_get_deep() =>
        Assert.That(Corpus.Seeds.Select(static input => SessionTarget.Run(input.ToBytes())), Has.All.GreaterThan(0));

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    public void Session_mutated_inputs_end_in_a_status_or_go_on(int seed)
    {
        var (_, failure) = FuzzRun.Run(seed, static count => count >= Inputs);

        Assert.That(failure, Is.Null);
    }
}
