// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Mesh.Operator.Sources.Yaml;

namespace Mesh.Tests.Sources.Yaml;

public sealed class YamlReaderTests
{
    [TestCase("a: 1", """{"a":1}""")]
    [TestCase("a: -7\nb: +7", """{"a":-7,"b":7}""")]
    [TestCase("a: 0o17\nb: 017\nc: 0x1f", """{"a":15,"b":15,"c":31}""")]
    [TestCase("a: 1.50\nb: .5\nc: 1e3", """{"a":1.5,"b":0.5,"c":1000}""")]
    [TestCase("a: 18446744073709551616", """{"a":18446744073709551616}""")]
    [TestCase("a: true\nb: False\nc: TRUE", """{"a":true,"b":false,"c":true}""")]
    [TestCase("a: yes\nb: no\nc: on\nd: off\ne: y", """{"a":"yes","b":"no","c":"on","d":"off","e":"y"}""")]
    [TestCase("a: ~\nb: null\nc:\nd: 'null'", """{"a":null,"b":null,"c":null,"d":"null"}""")]
    [TestCase("a: '1'\nb: \"true\"\nc: !!str 3", """{"a":"1","b":"true","c":"3"}""")]
    [TestCase("a: 2026-11-25T10:00:00Z\nb: 1.2.3\nc: 1_000\nd: 10s", """{"a":"2026-11-25T10:00:00Z","b":"1.2.3","c":"1_000","d":"10s"}""")]
    [TestCase("a: |\n  x\n  y\nb: >-\n  x\n  y", """{"a":"x\ny\n","b":"x y"}""")]
    [TestCase("80: x\ntrue: y", """{"80":"x","true":"y"}""")]
    [TestCase("- a\n- b: [1, {c: 2}]\n- []\n- {}", """["a",{"b":[1,{"c":2}]},[],{}]""")]
    [TestCase("a: &x {b: 1}\nc: *x\nd: [*x, *x]", """{"a":{"b":1},"c":{"b":1},"d":[{"b":1},{"b":1}]}""")]
    [TestCase("a: &x []\nb: *x\nc: &y v\nd: *y", """{"a":[],"b":[],"c":"v","d":"v"}""")]
    [TestCase("a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3", """{"a":{"b":1,"c":2},"d":{"c":3,"b":1}}""")]
    [TestCase("a: \"\\ud83d\\ude00\"", """{"a":"😀"}""")]
    public void Text_reads_as_the_json_that_it_stands_for(string yaml, string json)
    {
        var read = YamlReader.Read(yaml);

        Assert.That(read.Problems, Is.Empty);
        Assert.That(read.IsTorn, Is.False);
        Assert.That(System.Text.Json.Nodes.JsonNode.DeepEquals(read.Root, System.Text.Json.Nodes.JsonNode.Parse(json)), $"{read.Root?.ToJsonString()}");
    }

    [TestCase("a: 1\nb: 2\na: 3", 3, "a", "\"a\" stands twice, here and at line 1: keep one")]
    [TestCase("a:\n  b: 1\n  b: {c: 2}\n  d: 3", 3, "a.b", "\"b\" stands twice, here and at line 2: keep one")]
    [TestCase("a: 1\nb: *x", 2, "b", "the alias *x has no anchor &x before it in this document")]
    [TestCase("a: &x\n  b: *x", 2, "a.b", "the alias *x stands inside what it names: that has no end")]
    [TestCase("a: .inf", 1, "a", ".inf has no counterpart in JSON: give a number, or quote it to mean the text")]
    [TestCase("a:\n- !thing x", 2, "a[0]", "the tag \"!thing\" is not used here: leave it out")]
    [TestCase("a: !<tag:x> {b: 1}", 1, "a", "the tag \"tag:x\" is not used here: leave it out")]
    [TestCase("a:\n  <<: 3", 2, "a", "\"<<\" merges a mapping or a list of mappings into this one: give an alias of a mapping")]
    public void Mistake_is_reported_at_its_line_and_the_rest_is_read(string yaml, int line, string path, string message)
    {
        var read = YamlReader.Read(yaml);

        Assert.That(read.IsTorn, Is.False);
        Assert.That(read.Problems.Select(p => (p.Position.Line, p.Path, p.Message)), Is.EqualTo(new[] { (line, path, message) }));
    }

    [TestCase("a: 1\nb:\n\tc: 2\n", 3, "the line is indented by a tab, which YAML does not allow: indent by spaces")]
    [TestCase("a: 1\nb: {c: 2\nd: 3\n", 2, "this is no YAML: check indentation, quotes and brackets here and in the lines below")]
    [TestCase("a: \"\\ud83d\"\n", 1, null)]
    [TestCase("a: \"\\udc00\"\n", 1, null)]
    [TestCase("a: \"\\ud800\\ud800\"\n", 1, "this is no YAML: check indentation, quotes and brackets here and in the lines below")]
    [TestCase("\"\\udc00\": a\n", 1, null)]
    [TestCase("a: [1, 2\n", 2, null)]
    [TestCase("a: 'x\nb: 1\n", 1, null)]
    [TestCase("a: 1\n b: 2\n", 2, null)]
    [TestCase("a: |\n  x\n y: 2\n", 3, null)]
    [TestCase("a: @x\n", 1, null)]
    [TestCase("? [x]\n: y", 1, "a key must be a plain text, not a mapping, a list or an alias")]
    public void Torn_text_is_reported_at_the_tear(string yaml, int line, string? message)
    {
        var read = YamlReader.Read(yaml);

        Assert.That(read.IsTorn, Is.True);
        Assert.That(read.Problems.Select(p => p.Position.Line), Is.EqualTo(new[] { line }));
        Assert.That(read.Problems[0].Message, message is null
            ? Does.StartWith("this is no YAML (").And.EndWith("check indentation, quotes and brackets here and in the lines above")
            : Is.EqualTo(message));
    }

    [Test]
    public void Torn_text_gives_what_stood_before_the_tear_and_names_the_open_key()
    {
        var read = YamlReader.Read("kind: X\nmetadata:\n  name: a\nspec:\n  b: 'x\n");

        Assert.That(read.Root?.ToJsonString(), Is.EqualTo("""{"kind":"X","metadata":{"name":"a"},"spec":{}}"""));
        Assert.That(read.OpenKey, Is.EqualTo("spec"));
    }

    [Test]
    public void Aliases_that_multiply_are_stopped_at_the_limit()
    {
        var yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
        {
            var alias = string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10));
            yaml.Append(CultureInfo.InvariantCulture, $"a{i}: &a{i} [{alias}]\n");
        }

        var read = YamlReader.Read(yaml.ToString());

        Assert.That(read.IsTorn, Is.True);
        Assert.That(read.Problems[0].Position.Line, Is.EqualTo(6));
        Assert.That(read.Problems[0].Message, Does.StartWith("the document is larger than 500000 values"));
    }

    [Test]
    public void Long_text_named_by_many_aliases_is_stopped_at_the_limit()
    {
        var read = YamlReader.Read($"a: &a {new string('x', 1 << 20)}\nb: [{string.Join(", ", Enumerable.Repeat("*a", 100))}]\n");

        Assert.That(read.IsTorn, Is.True);
        Assert.That(read.Problems.Select(p => p.Position.Line), Is.EqualTo(new[] { 2 }));
    }

    [TestCase("[")]
    [TestCase("{a: ")]
    [TestCase("- ")]
    public void Deep_nesting_is_stopped_at_the_limit(string level)
    {
        var read = YamlReader.Read(string.Concat(Enumerable.Repeat(level, 10_000)));

        Assert.That(read.IsTorn, Is.True);
        Assert.That(read.Problems.Select(p => p.Message), Is.EqualTo(new[] { "the document is nested deeper than 60 levels" }));
    }

    [TestCase("spec.rules[1].name", 6)]
    [TestCase("spec.rules[0].matches[3]", 4)]
    [TestCase("spec.rules[0]", 3)]
    [TestCase("metadata.labels.app.kubernetes.io/name", 9)]
    [TestCase("metadata.labels[\"app.kubernetes.io/name\"]", 9)]
    [TestCase("metadata.name", 7)]
    [TestCase("", 1)]
    public void Path_leads_to_the_line_of_the_nearest_field(string path, int line)
    {
        const string Yaml = """
            spec:
              rules:
              - name: a
                matches: []
              -
                name: b
            metadata:
              labels:
                app.kubernetes.io/name: x
            """;

        var read = YamlReader.Read(Yaml);

        Assert.That(read.Positions.Find(path).Line, Is.EqualTo(line));
    }
}
