// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mesh.Crds.Kinds;
using Mesh.Model;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Kubernetes;

/// <summary>
/// Objects of our own kinds and of Gateway API, held against the schema of their C# type as in file mode: what is wrong with one is told at
/// its place. The API server has checked it by a CRD that may be older or newer than this program.
/// </summary>
internal sealed class WatchSchemaReader(KindEntry kind) : IWatchedObjectReader
{
    private readonly StatusKind? writes = StatusKind.Of(kind.Kind);

    public WatchedObject Read(ReadOnlySequence<byte> json)
    {
        var head = WatchJson.Read(json, WatchJson.Default.ObjectHead)?.Metadata;
        var document = DocumentOf(json);
        var status = StatusOf(document);
        var read = kind.Read(document);
        return new WatchedObject
        {
            Key = new ObjectKey(kind.Kind, head?.Namespace ?? "", head?.Name ?? ""),
            Version = head?.ResourceVersion ?? "",
            Entity = read.Entity,
            Problems = read.Problems.Select(problem => new SourceProblem("", 0, problem.Path, problem.Message, head?.Generation ?? 0)).ToEquatableArray(),
            Status = status,
        };
    }

    private KnownStatus? StatusOf(JsonNode? document)
    {
        try
        {
            return writes is not null && document is JsonObject item ? KnownStatus.Of(writes, item) : null;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException)
        {
            // Of another shape than the kind's schema allows: nothing that could be compared.
            return null;
        }
    }

    private JsonNode? DocumentOf(ReadOnlySequence<byte> json)
    {
        var reader = new Utf8JsonReader(json, WatchJson.Deep);
        var document = JsonNode.Parse(ref reader);
        try
        {
            // Items of a list may go without both.
            if (document is JsonObject root)
            {
                root["apiVersion"] ??= kind.ApiVersion;
                root["kind"] ??= kind.Kind;
            }
        }
        catch (ArgumentException)
        {
            // A field is given twice, which shows on first use only; the schema says so of it.
        }

        return document;
    }
}
