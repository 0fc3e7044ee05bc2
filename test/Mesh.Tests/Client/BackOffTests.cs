// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Client;

namespace Mesh.Tests.Client;

internal sealed class BackOffTests
{
    [Test]
    public void BackOff_failures_in_a_row_pauses_double_up_to_the_longest()
    {
        var backOff = new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), static () => 1);

        Assert.That(Enumerable.Range(0, 5).Select(_ => backOff.Next().TotalSeconds), Is.EqualTo(new[] { 1.0, 2, 4, 5, 5 }));
    }

    [Test]
    public void BackOff_success_starts_over()
    {
        var backOff = new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), static () => 1);
        backOff.Next();
        backOff.Next();

        backOff.Reset();

        Assert.That(backOff.Next(), Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void BackOff_pause_is_drawn_from_its_upper_half()
    {
        var backOff = new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), static () => 0);

        Assert.That(backOff.Next(), Is.EqualTo(TimeSpan.FromSeconds(0.5)));
    }
}
