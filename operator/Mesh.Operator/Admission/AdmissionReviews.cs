// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Mesh.Operator.Admission;

/// <summary>AdmissionReview as bytes: pure, and total whatever the bytes are.</summary>
internal static class AdmissionReviews
{
    public const string ApiVersion = "admission.k8s.io/v1";
    public const string Kind = "AdmissionReview";

    private const int UnprocessableEntity = 422;

    /// <summary>The API server cuts a warning off after so many characters (its documentation of webhooks).</summary>
    private const int LongestWarning = 256;

    /// <summary>More than this nobody reads, and the API server drops all beyond 4096 characters.</summary>
    private const int MostWarnings = 12;

    private const int MostRefusals = 20;

    /// <summary>An object whose names occur twice would mean one thing here and another one there.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The request, or null and what the body should have been.</summary>
    public static AdmissionRequest? Read(ReadOnlySpan<byte> body, out string problem)
    {
        try
        {
            problem = $"the body is no {Kind} of {ApiVersion} with a request that has a uid and a kind";
            CheckTexts(body);
            return JsonNode.Parse(body, nodeOptions: null, Strict) is JsonObject review
                && Text(review["apiVersion"]) == ApiVersion
                && Text(review["kind"]) == Kind
                && review["request"] is JsonObject request
                    ? Request(request)
                    : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or FormatException)
        {
            problem = $"the body is no JSON that can be read: {e.Message}";
            return null;
        }
    }

    public static byte[] Write(AdmissionRequest request, AdmissionAnswer answer)
    {
        var response = new JsonObject { ["uid"] = request.Uid, ["allowed"] = answer.Refusals.IsEmpty };
        if (!answer.Refusals.IsEmpty)
        {
            response["status"] = Status(request, answer);
        }

        if (!answer.Warnings.IsEmpty)
        {
            response["warnings"] = new JsonArray([.. Shown(answer).Select(text => JsonValue.Create(text))]);
        }

        var review = new JsonObject { ["apiVersion"] = ApiVersion, ["kind"] = Kind, ["response"] = response };
        return Encoding.UTF8.GetBytes(review.ToJsonString());
    }

    /// <summary>The parser leaves it to whoever reads a text to find that it is no Unicode; from here on nobody needs to expect that.</summary>
    private static void CheckTexts(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && (reader.ValueIsEscaped || !Utf8.IsValid(reader.ValueSpan)))
            {
                _ = reader.GetString();
            }
        }
    }

    private static AdmissionRequest? Request(JsonObject request) =>
        Text(request["uid"]) is { Length: > 0 } uid
        && request["kind"] is JsonObject kind
        && Text(kind["kind"]) is { Length: > 0 } name
            ? new AdmissionRequest
            {
                Uid = uid,
                Group = Text(kind["group"]) ?? "",
                Kind = name,
                Operation = Text(request["operation"]) ?? "",
                Object = request["object"] as JsonObject,
                OldObject = request["oldObject"] as JsonObject,
            }
            : null;

    /// <summary>kubectl prints the causes one by one; other clients print the message.</summary>
    private static JsonObject Status(AdmissionRequest request, AdmissionAnswer answer) => new()
    {
        ["code"] = UnprocessableEntity,
        ["reason"] = "Invalid",
        ["message"] = Message(answer.Refusals),
        ["details"] = new JsonObject
        {
            ["group"] = request.Group,
            ["kind"] = request.Kind,
            ["name"] = Text((request.Object?["metadata"] as JsonObject)?["name"]) ?? "",
            ["causes"] = new JsonArray([.. answer.Refusals.Take(MostRefusals).Select(refusal => new JsonObject
            {
                ["reason"] = "FieldValueInvalid",
                ["field"] = refusal.Path.Length == 0 ? "spec" : refusal.Path,
                ["message"] = refusal.Message,
            })]),
        },
    };

    private static string Message(ImmutableArray<Refusal> refusals)
    {
        var shown = string.Join("; ", refusals.Take(MostRefusals));
        return refusals.Length > MostRefusals ? $"{shown}; and {refusals.Length - MostRefusals} more" : shown;
    }

    private static IEnumerable<string> Shown(AdmissionAnswer answer)
    {
        var shown = answer.Warnings.Take(MostWarnings).Select(Shorten);
        var more = answer.Warnings.Length - MostWarnings;
        return more > 0 ? shown.Append($"and {more} more warnings; the status of the object will tell all of them") : shown;
    }

    /// <summary>It becomes an HTTP header and is printed: one line, nothing that turns the text around on a terminal, and no half of a character.</summary>
    private static string Shorten(string warning)
    {
        var line = string.Concat(warning.EnumerateRunes().Select(rune => Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format ? " " : rune.ToString()));
        return line.Length <= LongestWarning
            ? line
            : string.Concat(line.AsSpan(0, LongestWarning - (char.IsHighSurrogate(line[LongestWarning - 2]) ? 2 : 1)), "…");
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
