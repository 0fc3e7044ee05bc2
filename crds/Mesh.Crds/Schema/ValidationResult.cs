// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Mesh.Crds.Schema;

/// <summary>What a check found, and the document as the API server would store it.</summary>
/// <param name="Document">
/// A copy with defaults filled in, and without nulls, ignored fields and (custom resources) status; complete only where there is no problem.
/// </param>
/// <param name="Problems">Everything that is wrong; at most <see cref="SchemaValidator.MaxProblems"/>.</param>
public sealed record ValidationResult(JsonObject Document, ImmutableArray<SchemaProblem> Problems);
