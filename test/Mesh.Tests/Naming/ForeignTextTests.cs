// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Naming;

namespace Mesh.Tests.Naming;

internal sealed class ForeignTextTests
{
    [TestCase("")]
    [TestCase("as it is")]
    [TestCase("日本語 é")]
    public void Ordinary_text_stays_the_very_same(string text) => Assert.That(ForeignText.Line(text, 100), Is.SameAs(text));

    [TestCase("a\nINFO: b", "a INFO: b")]
    [TestCase("a\r\nb", "a  b")]
    [TestCase("\u001b[2Ja", " [2Ja")]
    [TestCase("\u009b2J", " 2J")]
    [TestCase("a\0b\tc", "a b c")]
    [TestCase("a\u202eb", "a b")]
    [TestCase("a\u2028b\u2029c", "a b c")]
    [TestCase("\U000E0041a", " a")]
    [TestCase("😀", "😀")]
    public void What_leaves_the_line_or_moves_a_terminal_becomes_a_space(string text, string line) => Assert.That(ForeignText.Line(text, 100), Is.EqualTo(line));

    [Test]
    public void Long_text_is_cut_and_no_half_of_a_character_is_left()
    {
        Assert.That(ForeignText.Line("abcdef", 3), Is.EqualTo("abc…"));
        Assert.That(ForeignText.Line("ab😀", 3), Is.EqualTo("ab\ufffd…"));
        Assert.That(ForeignText.Line("a\ud800b", 100), Is.EqualTo("a\ufffdb"));
    }
}
