// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Mesh.Crds.GatewayApi;

namespace Mesh.Tests.Crds;

internal sealed class GatewayDurationTests
{
    [TestCase("0s", 0)]
    [TestCase("500ms", 500)]
    [TestCase("10s", 10_000)]
    [TestCase("1m30s", 90_000)]
    [TestCase("30s1m", 90_000)]
    [TestCase("1s1s1s1s", 4_000)]
    [TestCase("1h2m3s4ms", 3_723_004)]
    [TestCase("99999h99999h99999h99999h", 4L * 99999 * 3_600_000)]
    public void Duration_of_the_notation_is_read(string text, long milliseconds)
    {
        var isRead = GatewayDuration.TryParse(text, out var duration);

        Assert.That((isRead, duration), Is.EqualTo((true, TimeSpan.FromMilliseconds(milliseconds))));
    }

    [TestCase("")]
    [TestCase(null)]
    [TestCase("0")]
    [TestCase("5")]
    [TestCase("s")]
    [TestCase("1.5s")]
    [TestCase("-1s")]
    [TestCase("1d")]
    [TestCase("1us")]
    [TestCase("1s ")]
    [TestCase("1s\n")]
    [TestCase("100000s")]
    [TestCase("1h1m1s1ms1s")]
    [TestCase("١s")]
    public void Text_of_another_notation_is_refused(string? text)
    {
        Assert.That(GatewayDuration.TryParse(text, out _), Is.False);
    }

    [Test]
    public void Parser_takes_exactly_what_the_pattern_takes()
    {
        var pattern = new Regex(GatewayDuration.Pattern.Replace("$", "\\z", StringComparison.Ordinal), RegexOptions.NonBacktracking);
        var texts = Gen.Elements("0123456789hms".ToCharArray()).ListOf().Select(string.Concat).ToArbitrary();

        Prop.ForAll(texts, text => GatewayDuration.TryParse(text, out _) == pattern.IsMatch(text)).QuickCheckThrowOnFailure();
    }
}
