// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Mesh.Crds.Kinds;
using Mesh.Model;
using Mesh.Operator.Sources.Yaml;

namespace Mesh.Operator.Sources.Files;

/// <summary>Where a part's text comes from.</summary>
internal readonly record struct PartSource(string Path, int Line, UInt128 Hash, bool IsJson);

/// <summary>The text of a part to its objects, and to problems where it has none.</summary>
internal sealed class PartReader
{
    private readonly ImmutableArray<ParsedDocument>.Builder documents = ImmutableArray.CreateBuilder<ParsedDocument>();
    private readonly ImmutableArray<SourceProblem>.Builder problems = ImmutableArray.CreateBuilder<SourceProblem>();
    private readonly PartSource source;
    private bool hidesObjects;
    private int ignored;

    private PartReader(PartSource source) => this.source = source;

    public static ParsedPart Read(PartSource source, ReadOnlySpan<byte> bytes)
    {
        var decoded = TextDecoder.Decode(bytes);
        var reader = new PartReader(source);
        var texts = source.IsJson ? JsonTextReader.Read(decoded.Text) : [YamlReader.Read(decoded.Text)];
        foreach (var text in texts)
        {
            reader.AddText(decoded.Problem is null ? text : text with { Problems = text.Problems.Insert(0, decoded.Problem) });
        }

        // Two documents whose marker between them was lost look like one that has every key twice.
        reader.hidesObjects |= reader.problems.Count + reader.documents.Count(d => d.Entity is null) > 0 && HoldsSeveral(decoded.Text);
        return reader.Build(decoded);
    }

    private ParsedPart Build(DecodedText decoded)
    {
        if (decoded.Problem is not null && problems.Count == 0 && documents.Count == 0)
        {
            problems.Add(At(decoded.Problem));
            hidesObjects = true;
        }

        return new ParsedPart
        {
            Hash = source.Hash,
            Line = source.Line,
            Documents = documents.ToImmutable(),
            Problems = hidesObjects && problems.Count == 0 ? [.. documents.SelectMany(d => d.Problems).Take(1)] : problems.ToImmutable(),
            HidesObjects = hidesObjects,
            Ignored = ignored,
        };
    }

    private void AddText(TextDocument text)
    {
        if (text.Root is null && text.Problems.IsEmpty)
        {
            return;
        }

        if (text.Problems.IsEmpty && IsList(text.Root, out var items))
        {
            for (var i = 0; i < items.Count; i++)
            {
                AddObject(text with { Root = items[i], Positions = text.Positions.Item("items", i) });
            }

            return;
        }

        AddObject(text);
    }

    private void AddObject(TextDocument text)
    {
        switch (ObjectIdentity.Of(text))
        {
            case ObjectIdentity.Found found when text.Problems.IsEmpty:
                // Proof of "!": an object without a root has no identity.
                AddDocument(found, text.Root!.AsObject(), text.Positions);
                break;
            case ObjectIdentity.Found found:
                documents.Add(new ParsedDocument
                {
                    Key = found.Key,
                    Line = LineOf(text.Positions.Root),
                    Digest = source.Hash,
                    Problems = text.Problems.Select(At).ToEquatableArray(),
                });
                break;
            case ObjectIdentity.Foreign:
                ignored++;
                problems.AddRange(text.Problems.Select(At));
                break;
            case ObjectIdentity.Unclear unclear:
                hidesObjects = true;
                problems.AddRange(text.Problems.IsEmpty
                    ? [At(new TextProblem(text.Positions.Find(unclear.Path), unclear.Path, unclear.Message))]
                    : text.Problems.Select(At));
                break;
            default:
                throw new InvalidOperationException("An identity has three cases.");
        }
    }

    private void AddDocument(ObjectIdentity.Found found, JsonObject root, PositionMap positions)
    {
        // The digest first: reading fills defaults into the tree.
        var digest = ContentDigest.Of(root);
        found.Complete(root);
        var read = found.Entry.Read(root);
        documents.Add(new ParsedDocument
        {
            Key = found.Key,
            Line = LineOf(positions.Root),
            Digest = digest,
            Entity = read.Entity,
            Problems = read.Problems.Select(p => At(new TextProblem(positions.Find(p.Path), p.Path, p.Message))).ToEquatableArray(),
        });
    }

    private static bool IsList(JsonNode? root, out JsonArray items)
    {
        items = [];
        if (root is JsonObject list && list["items"] is JsonArray found && list["kind"] is JsonValue kind
            && kind.TryGetValue<string>(out var name) && name == "List")
        {
            items = found;
            return true;
        }

        return false;
    }

    private static bool HoldsSeveral(string text)
    {
        var kinds = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            kinds += line.StartsWith("kind:", StringComparison.Ordinal) ? 1 : 0;
        }

        return kinds > 1;
    }

    private SourceProblem At(TextProblem problem) => new(source.Path, LineOf(problem.Position), problem.Path, problem.Message, 0);

    private int LineOf(TextPosition position) => source.Line + position.Line - 1;
}
