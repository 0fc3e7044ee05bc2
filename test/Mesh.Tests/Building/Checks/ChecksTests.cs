// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Building.Checks;

namespace Mesh.Tests.Building.Checks;

public sealed class ChecksTests
{
    [TestCase("10s", 10_000)]
    [TestCase("0s", 0)]
    [TestCase("250ms", 250)]
    [TestCase("1h30m", 5_400_000)]
    [TestCase("1h1m1s1ms", 3_661_001)]
    [TestCase("99999h", 359_996_400_000)]
    public void Duration_is_read(string text, long milliseconds)
    {
        Assert.That(DurationText.Parse(text), Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [TestCase("")]
    [TestCase("10")]
    [TestCase("s")]
    [TestCase("1.5s")]
    [TestCase("-1s")]
    [TestCase("100000s")]
    [TestCase("1s1s1s1s1s")]
    [TestCase("10 s")]
    [TestCase("1d")]
    public void Duration_in_another_notation_is_refused(string text)
    {
        Assert.That(DurationText.Parse(text), Is.Null);
    }

    [TestCase("/v[0-9]+/.*")]
    [TestCase("(?P<name>a|b)")]
    [TestCase("(?i)abc")]
    [TestCase(@"a\\u")]
    [TestCase("[(?n)]")]
    [TestCase("[[:alpha:]_]+")]
    [TestCase("(?:a{30}){30}")]
    [TestCase("(?i-s:a)b{1000}c{1000}")]
    [TestCase("[]{2000}]")]
    public void Expression_of_RE2_is_taken(string expression)
    {
        Assert.That(RegexCheck.IsValid(expression, "x", new ProblemList()), Is.True);
    }

    [TestCase("(?=a)", "uses look-around, back references, conditions or atomic groups; RE2, the syntax of expressions here, has none")]
    [TestCase(@"(a)\1", "uses look-around, back references, conditions or atomic groups; RE2, the syntax of expressions here, has none")]
    [TestCase("a{2000}", "\"{2000}\" at position 1 repeats more than 1000 times, the most that RE2 allows")]
    [TestCase(@"x\u0041", "\"\\u\" at position 1 is not known to RE2, the syntax of expressions here")]
    [TestCase("(?n)a", "\"(?n\" at position 0 is not known to RE2, the syntax of expressions here")]
    [TestCase("a(?i-x:b)", "\"(?i-x\" at position 1 is not known to RE2, the syntax of expressions here")]
    [TestCase(@"[a\b]", "\"\\b\" at position 2 is not known to RE2, the syntax of expressions here")]
    [TestCase("[[:letter:]]", "\"[:letter:]\" at position 1 is not known to RE2, the syntax of expressions here")]
    [TestCase(@"\p{IsGreek}", "\"\\p{IsGreek}\" at position 0 is not known to RE2, the syntax of expressions here")]
    [TestCase("(?:a{100}b){11}", "\"{11}\" at position 11 repeats more than 1000 times, the most that RE2 allows")]
    [TestCase("(?P<n>a)(?P<n>b)", "names two groups \"n\", the second at position 8; RE2, the syntax of expressions here, wants different names")]
    [TestCase("(?>a)", "\"(?>\" at position 0 is not known to RE2, the syntax of expressions here")]
    [TestCase("a(", "is not a regular expression: a group is not closed, at position 2")]
    public void Expression_beyond_RE2_is_refused(string expression, string message)
    {
        var problems = new ProblemList();

        var isValid = RegexCheck.IsValid(expression, "spec.x", problems);

        Assert.That(isValid, Is.False);
        Assert.That(problems.Items.Select(problem => (problem.Path, problem.Message)), Is.EqualTo([("spec.x", message)]));
    }
}
