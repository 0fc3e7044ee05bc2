// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Mesh.Crds.Schema;

/// <summary>
/// Judges a document as the API server would by the kind's CRD, where there is no API server. Total: every input gets a result.
/// </summary>
public static class SchemaValidator
{
    /// <summary>Nobody reads further, and a document may be made to have millions.</summary>
    public const int MaxProblems = 50;

    public static ValidationResult Validate(CrdSchema schema, JsonNode? document)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var walk = new DocumentWalk();
        if (document is not JsonObject)
        {
            walk.Report("", $"a document must be an object with apiVersion, kind and metadata, is {Words.Of(document)}");
            return new ValidationResult([], walk.Problems);
        }

        var result = walk.Visit(DocumentSchemas.Of(schema), document, "") as JsonObject ?? [];
        return new ValidationResult(result, walk.Problems);
    }
}
