// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Crds.Schema;

/// <summary>One thing in a document that its schema does not allow.</summary>
/// <param name="Path">The field, <c>spec.rules[0].matches[1].path.value</c> say; empty for the document as a whole.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record SchemaProblem(string Path, string Message);
