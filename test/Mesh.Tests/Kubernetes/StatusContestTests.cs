// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Kubernetes;

namespace Mesh.Tests.Kubernetes;

internal sealed class StatusContestTests
{
    private static readonly StatusWriteOptions Options = new();
    private static readonly DateTimeOffset Noon = new(Documents.Noon);

    [Test]
    public void Status_that_was_never_lost_waits_for_nothing()
    {
        Assert.That(StatusContest.Due(Known(restored: 0), Options), Is.EqualTo(DateTimeOffset.MinValue));
        Assert.That(StatusContest.Restored(Known(restored: 0), Noon, Options), Is.Zero);
    }

    [TestCase(1, 1)]
    [TestCase(2, 2)]
    [TestCase(4, 8)]
    [TestCase(7, 60)]
    [TestCase(1_000_000, 60)]
    public void News_wait_for_a_minute_at_most(int restored, int seconds)
    {
        Assert.That(StatusContest.Due(Known(restored), Options), Is.EqualTo(Noon.AddSeconds(seconds)));
    }

    [TestCase(1, 1)]
    [TestCase(2, 2)]
    [TestCase(7, 64)]
    [TestCase(12, 2048)]
    [TestCase(13, 3600)]
    [TestCase(1_000_000, 3600)]
    public void Each_answer_comes_later_than_the_one_before_up_to_an_hour(int restored, int seconds)
    {
        Assert.That(StatusContest.Answer(Known(restored), Options), Is.EqualTo(Noon.AddSeconds(seconds)));
    }

    /// <summary>Else the count would begin anew with each answer, and the pauses with it.</summary>
    [Test]
    public void Answer_at_its_time_is_counted()
    {
        foreach (var restored in new[] { 1, 2, 3, 7, 20 })
        {
            var lost = Known(restored) with { Lost = [] };

            Assert.That(StatusContest.Restored(lost, StatusContest.Answer(lost, Options), Options), Is.EqualTo(restored + 1));
        }
    }

    [Test]
    public void Answers_are_counted_until_ours_stood_for_long()
    {
        var lost = Known(restored: 7) with { Lost = [] };

        Assert.That(StatusContest.Restored(lost, Noon.AddMinutes(1), Options), Is.EqualTo(8));
        Assert.That(StatusContest.Restored(lost, Noon.AddMinutes(3), Options), Is.EqualTo(1));
    }

    [Test]
    public void Write_of_news_between_two_answers_does_not_begin_the_count_anew()
    {
        Assert.That(StatusContest.Restored(Known(restored: 4), Noon.AddSeconds(9), Options), Is.EqualTo(4));
    }

    private static KnownStatus Known(int restored) => new("u", 1, Status: null, Noon) { Restored = restored };
}
