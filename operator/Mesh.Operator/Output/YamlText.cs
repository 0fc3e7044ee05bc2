// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Mesh.Operator.Output;

/// <summary>JSON values as YAML text, members in the order they have.</summary>
internal static class YamlText
{
    public static string Write(JsonNode? node)
    {
        using var text = new StringWriter();
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(version: null, tags: null, isImplicit: true));
        Emit(emitter, node);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Emit(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
                foreach (var (name, value) in members)
                {
                    Emit(emitter, JsonValue.Create(name));
                    Emit(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray items:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, items.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in items)
                {
                    Emit(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            default:
                EmitScalar(emitter, node);
                break;
        }
    }

    private static void EmitScalar(Emitter emitter, JsonNode? node)
    {
        var isText = node?.GetValueKind() == JsonValueKind.String;
        var text = node is null ? "null" : isText ? node.GetValue<string>() : node.ToJsonString();
        var style = !isText ? ScalarStyle.Plain
            : text.Contains('\n', StringComparison.Ordinal) ? ScalarStyle.Literal
            : ReadsAsOther(text) ? ScalarStyle.DoubleQuoted
            : ScalarStyle.Any;
        emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: true, isQuotedImplicit: true));
    }

    /// <summary>Whether a reader would take the bare text for a number, a truth value or nothing.</summary>
    private static bool ReadsAsOther(string text) =>
        text.Length == 0
        || text is "~" or "null" or "Null" or "NULL"
        || text.ToUpperInvariant() is "TRUE" or "FALSE" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N"
        || char.IsAsciiDigit(text[0])
        || text[0] is '.' or '+' or '-';
}
