// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Operator.Sources.Yaml;

namespace Mesh.Tests.Sources.Yaml;

public sealed class JsonTextReaderTests
{
    [Test]
    public void Text_with_tabs_and_pairs_of_surrogates_is_read_with_positions()
    {
        const string Json = "{\n\t\"a\": [1, 2.5, true, null, \"\\ud83d\\ude00\"],\n\t\"b\": {\"c\": {}}\n}";

        var read = JsonTextReader.Read(Json);

        Assert.That(read, Has.Count.EqualTo(1));
        Assert.That(read[0].Problems, Is.Empty);
        Assert.That(JsonNode.DeepEquals(read[0].Root, JsonNode.Parse(Json)), $"{read[0].Root?.ToJsonString()}");
        Assert.That(read[0].Positions.Find("b.c").Line, Is.EqualTo(3));
    }

    [Test]
    public void Several_values_in_a_row_are_several_documents()
    {
        var read = JsonTextReader.Read("{\"a\": 1}\n{\"b\": 2}\n");

        Assert.That(read.Select(d => d.Root?.ToJsonString()), Is.EqualTo(new[] { """{"a":1}""", """{"b":2}""" }));
    }

    [Test]
    public void Key_that_stands_twice_is_reported_with_both_lines()
    {
        var read = JsonTextReader.Read("{\n\"a\": 1,\n\"a\": 2}");

        Assert.That(read[0].Problems.Select(p => (p.Position.Line, p.Message)), Is.EqualTo(new[] { (3, "\"a\" stands twice, here and at line 2: keep one") }));
    }

    [TestCase("{\"a\": 1,\n\"b\": }", 2)]
    [TestCase("{\"a\": 1", 1)]
    [TestCase("{\"a\": \"\\ud83d\"}", 1)]
    [TestCase("{'a': 1}", 1)]
    public void Torn_text_is_reported_at_its_line(string json, int line)
    {
        var read = JsonTextReader.Read(json);

        Assert.That(read[^1].IsTorn, Is.True);
        Assert.That(read[^1].Problems.Select(p => p.Position.Line), Is.EqualTo(new[] { line }));
    }

    [Test]
    public void Deep_nesting_is_stopped_at_the_limit()
    {
        var read = JsonTextReader.Read(new string('[', 10_000));

        Assert.That(read[^1].IsTorn, Is.True);
    }
}
