// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Building.Checks;

namespace Mesh.Tests.Building.Checks;

/// <summary>The sizes are those that Envoy 1.40 told of each expression when it was allowed none.</summary>
internal sealed class Re2SizeTests
{
    [TestCase(@"a", 4)]
    [TestCase(@"ab", 5)]
    [TestCase(@"a{10}", 13)]
    [TestCase(@"a{1,10}", 22)]
    [TestCase(@"a{0,10}", 23)]
    [TestCase(@"a{10,}", 14)]
    [TestCase(@".", 5)]
    [TestCase(@"[^a]", 5)]
    [TestCase(@"\W", 8)]
    [TestCase(@"\S", 7)]
    [TestCase(@"\PL", 11)]
    [TestCase(@"[a-zA-Z0-9_]", 6)]
    [TestCase(@"(?i)k", 4)]
    [TestCase(@"(?i)[a-z]", 4)]
    [TestCase(@"(?i)\pL", 10)]
    [TestCase(@"é", 5)]
    [TestCase(@"日", 6)]
    [TestCase(@"[日-本]", 6)]
    [TestCase(@"((((a))))", 12)]
    [TestCase(@"a|b|c", 4)]
    [TestCase(@"(abc|abd)", 8)]
    [TestCase(@"a*", 4)]
    [TestCase(@"a+", 5)]
    [TestCase(@"a?", 5)]
    [TestCase(@"\ba", 5)]
    [TestCase(@".{100}", 203)]
    [TestCase(@".*a.*", 8)]
    [TestCase(@"/v[0-9]+/.*", 10)]
    [TestCase(@"[\pL\pN]", 13)]
    [TestCase(@"\pC", 6)]
    [TestCase(@"\Qa.b\E", 6)]
    [TestCase(@"(a|b){50}", 153)]
    [TestCase(@"(a?|b?){20}", 103)]
    [TestCase(@"(?:a*b*)*", 10)]
    [TestCase(@"[^[:alpha:]]{20}", 63)]
    [TestCase(@"(?i)[é-üa-z]{10}", 23)]
    [TestCase(@"[\W\D]{10}", 23)]
    [TestCase(@"((a{2}|b{3,5}){2,4}c)*", 52)]
    [TestCase(@"(?i)héllo{3}", 11)]
    [TestCase(@"\x{e9}{5}", 8)]
    [TestCase(@"[aeiou]{20}", 103)]
    [TestCase(@"(|a|b)*", 11)]
    [TestCase(@"(?s).{10}", 13)]
    [TestCase(@"()*", 9)]
    [TestCase(@"(?U)a{3,}?", 7)]
    public void Bound_is_no_less_than_what_Envoy_needs(string expression, int size) => Assert.That(Re2Size.Most(expression), Is.GreaterThanOrEqualTo(size));

    [TestCase("/v[0-9]+/.*")]
    [TestCase("/users/[a-zA-Z0-9_-]{1,36}/orders(/.*)?")]
    [TestCase("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    [TestCase(@"^(?:10|127|192\.168)(?:\.\d{1,3}){2,3}$")]
    [TestCase("(?i).*(googlebot|bingbot|yandex|baiduspider).*")]
    public void Expression_of_every_day_is_far_below_the_limit(string expression) => Assert.That(Re2Size.Most(expression), Is.LessThan(700));

    [TestCase("/a{600}|/b{600}")]
    [TestCase("/.{600}")]
    [TestCase(@"(\pL{10}){90}")]
    [TestCase("(((a{10}){10}){10}b)*")]
    public void Large_expression_is_known_for_one(string expression) => Assert.That(Re2Size.Most(expression), Is.GreaterThan(1000));
}
