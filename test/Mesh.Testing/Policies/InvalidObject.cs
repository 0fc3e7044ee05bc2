// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Mesh.Testing.Policies;

/// <summary>An object that must not get into a cluster, and what its author is told.</summary>
/// <param name="Name">What is tried.</param>
/// <param name="Document">The object.</param>
/// <param name="Path">The field that must be named.</param>
/// <param name="Words">Part of the message: what would be right.</param>
/// <param name="IsByWebhook">The CRD lets it through.</param>
internal sealed record InvalidObject(string Name, JsonObject Document, string Path, string Words, bool IsByWebhook)
{
    public string Kind => Document["kind"]!.GetValue<string>(); // Every object of the table has one.

    public override string ToString() => Name;
}
