// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Mesh.Crds.Kinds;
using Mesh.Crds.Schema;
using Mesh.Testing.Policies;

namespace Mesh.Tests.Crds;

/// <summary>Whatever a document is, reading it ends with an object or with problems.</summary>
internal sealed class HostileDocumentTests
{
    private static readonly string[] Fragments =
    [
        "null", "true", "3", "-1", "1e400", "-1e400", "99999999999999999999", "0.1", "\"\"", "\"3\"", "\"\\ud800\"", "\"\\u0000\"", "\"5s\"", "[]", "{}", "[null]",
        "[[[]]]", "{\"a\":1,\"a\":2}", "{\"\":{}}", "{\"\\ud800\":1}", "{\"name\":{\"name\":[1]}}", "\"" + new string('a', 5000) + "\"",
    ];

    [Test]
    public void Mutated_document_is_read_or_refused()
    {
        var seeds = PolicyCases.All.Select(policy => policy.Document().ToJsonString()).ToArray();
        var mutations = from seed in Gen.Elements(seeds)
                        from places in Gen.Choose(0, 200).Zip(Gen.Elements(Fragments)).ListOf(3)
                        from kind in Gen.Elements(KindCatalog.All.ToArray())
                        select (seed, places, kind);

        Prop.ForAll(mutations.ToArbitrary(), mutation => IsTotal(mutation.kind, Mutate(mutation.seed, mutation.places)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Test]
    public void Document_of_the_wrong_sort_is_refused([ValueSource(nameof(Fragments))] string fragment)
    {
        var document = fragment.Contains("1e400", StringComparison.Ordinal) ? JsonValue.Create(double.NaN) : JsonNode.Parse(fragment);

        Assert.That(KindCatalog.All.Select(kind => kind.Read(document).Entity), Is.All.Null);
    }

    [Test]
    public void Deep_document_is_refused_without_descending_into_it()
    {
        JsonNode deep = new JsonObject();
        for (var i = 0; i < 20_000; i++)
        {
            deep = new JsonArray(deep);
        }

        var document = PolicyCases.All[0].Document();
        document["spec"] = deep;

        var read = KnownKind.Named("TrafficPolicy").Read(document);

        Assert.That(read.Problems, Is.EqualTo(new[] { new SchemaProblem("spec", "must be an object, is a list") }));
    }

    [Test]
    public void Problems_of_a_huge_list_are_cut_short()
    {
        var endpoints = new JsonArray([.. Enumerable.Range(0, 100_000).Select(_ => (JsonNode)new JsonObject())]);
        var document = new JsonObject
        {
            ["apiVersion"] = "discovery.k8s.io/v1",
            ["kind"] = "EndpointSlice",
            ["metadata"] = new JsonObject { ["name"] = "big" },
            ["addressType"] = "IPv4",
            ["endpoints"] = endpoints,
        };

        var read = KnownKind.Named("EndpointSlice").Read(document);

        Assert.That(read.Problems, Has.Length.EqualTo(SchemaValidator.MaxProblems));
    }

    private static bool IsTotal(KindEntry kind, JsonNode? document)
    {
        var read = kind.Read(document);
        return (read.Entity is null) != read.Problems.IsEmpty && read.Problems.All(problem => problem.Message.Length is > 0 and < 1000);
    }

    /// <summary>Puts fragments in the place of values, counted in document order.</summary>
    private static JsonNode? Mutate(string seed, IEnumerable<(int Place, string Fragment)> changes)
    {
        var document = JsonNode.Parse(seed);
        foreach (var (place, fragment) in changes)
        {
            var values = Values(document).ToList();
            if (values.Count > 0)
            {
                Replace(values[place % values.Count], JsonNode.Parse(fragment));
            }
        }

        return document;
    }

    private static IEnumerable<JsonNode> Values(JsonNode? node)
    {
        var below = node switch
        {
            JsonObject fields when IsReadable(fields) => fields.Select(field => field.Value),
            JsonArray elements => elements,
            _ => [],
        };
        return below.OfType<JsonNode>().SelectMany(value => Values(value).Prepend(value));
    }

    private static bool IsReadable(JsonObject fields)
    {
        try
        {
            return fields.Count >= 0;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void Replace(JsonNode old, JsonNode? value)
    {
        switch (old.Parent)
        {
            case JsonObject parent:
                parent[old.GetPropertyName()] = value;
                break;
            case JsonArray parent:
                parent[old.GetElementIndex()] = value;
                break;
        }
    }
}
