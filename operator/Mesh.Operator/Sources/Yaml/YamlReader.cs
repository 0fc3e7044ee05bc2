// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Mesh.Operator.Sources.Yaml;

/// <summary>Reads the text of one YAML document to the tree that the API server's JSON would give.</summary>
internal static class YamlReader
{
    public static TextDocument Read(string text)
    {
        var builder = new TreeBuilder();
        var position = new TextPosition(1, 1);
        try
        {
            var parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
            var anchors = new Anchors();
            while (MoveNext(parser, position))
            {
                // Proof of "!": MoveNext was true.
                var read = parser.Current!;
                position = At(read.Start);
                Handle(read, builder, anchors);
            }

            return builder.Build(isTorn: false);
        }
        catch (TextLimitException e)
        {
            builder.Report(e.Position, e.Message);
        }
        catch (YamlException e)
        {
            builder.Report(YamlTear.Position(text, position, e), YamlTear.Describe(text, position, e));
        }

        return builder.Build(isTorn: true);
    }

    private static bool MoveNext(Parser parser, TextPosition position)
    {
        try
        {
            return parser.MoveNext();
        }
        catch (Exception e) when (e is not YamlException)
        {
            // On some torn texts ("b: {c: 2\nd: 3") the library's scanner fails by its own assumptions.
            throw new TextLimitException(position, "this is no YAML: check indentation, quotes and brackets here and in the lines below");
        }
    }

    private static void Handle(ParsingEvent read, TreeBuilder builder, Anchors anchors)
    {
        switch (read)
        {
            case Scalar scalar:
                HandleScalar(scalar, builder, anchors);
                break;
            case AnchorAlias alias:
                HandleAlias(alias, builder, anchors);
                break;
            case MappingStart mapping:
                Start(mapping, new JsonObject(), builder, anchors);
                break;
            case SequenceStart sequence:
                Start(sequence, new JsonArray(), builder, anchors);
                break;
            case MappingEnd or SequenceEnd:
                builder.End();
                anchors.End();
                break;
            default:
                // Starts and ends of stream and document say nothing.
                break;
        }
    }

    private static void Start(NodeEvent start, JsonNode container, TreeBuilder builder, Anchors anchors)
    {
        RefuseAsKey(start, builder);
        if (!start.Tag.IsEmpty && start.Tag.Value is not ("tag:yaml.org,2002:map" or "tag:yaml.org,2002:seq" or "!"))
        {
            builder.Report(At(start.Start), $"the tag \"{start.Tag.Value}\" is not used here: leave it out");
        }

        anchors.Start(start.Anchor, builder.Start(container, At(start.Start)));
    }

    private static void HandleScalar(Scalar scalar, TreeBuilder builder, Anchors anchors)
    {
        var position = At(scalar.Start);
        if (builder.WantsKey)
        {
            if (scalar is { Value: "<<", Style: ScalarStyle.Plain })
            {
                builder.MergeKey(position);
            }
            else
            {
                builder.Key(scalar.Value, position);
            }

            return;
        }

        JsonNode? value;
        if (scalar.Style != ScalarStyle.Plain && scalar.Tag.IsEmpty)
        {
            value = JsonValue.Create(scalar.Value);
        }
        else if (!YamlScalars.TryRead(scalar.Value, scalar.Tag.IsEmpty ? null : scalar.Tag.Value, out value, out var problem))
        {
            builder.Report(position, problem);
        }

        builder.Value(value, scalar.Value.Length, position);
        anchors.Name(scalar.Anchor, value);
    }

    private static void HandleAlias(AnchorAlias alias, TreeBuilder builder, Anchors anchors)
    {
        RefuseAsKey(alias, builder);
        var position = At(alias.Start);
        if (anchors.TryFind(alias.Value, out var value, out var size))
        {
            builder.Copy(value, size, position);
            return;
        }

        builder.Report(position, anchors.IsOpen(alias.Value)
            ? $"the alias *{alias.Value} stands inside what it names: that has no end"
            : $"the alias *{alias.Value} has no anchor &{alias.Value} before it in this document");
        builder.Value(null, 0, position);
    }

    private static void RefuseAsKey(ParsingEvent read, TreeBuilder builder)
    {
        if (builder.WantsKey)
        {
            throw new TextLimitException(At(read.Start), "a key must be a plain text, not a mapping, a list or an alias");
        }
    }

    private static TextPosition At(Mark mark) => new((int)mark.Line, (int)mark.Column);
}
