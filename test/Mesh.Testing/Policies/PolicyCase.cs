// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Mesh.Testing.Policies;

/// <summary>A TrafficPolicy and the verdict on it, which the API server and file mode must share.</summary>
/// <param name="Name">What is tried.</param>
/// <param name="Spec">JSON of the spec.</param>
/// <param name="Path">Where the problem is; null for a valid policy.</param>
/// <param name="Message">Part of what file mode says.</param>
internal sealed record PolicyCase(string Name, string Spec, string? Path, string Message)
{
    public JsonObject Document() => new()
    {
        ["apiVersion"] = "mesh.operator.dev/v1alpha1",
        ["kind"] = "TrafficPolicy",
        ["metadata"] = new JsonObject { ["name"] = "tried", ["namespace"] = "default" },
        ["spec"] = JsonNode.Parse(Spec),
    };

    public override string ToString() => Name;
}
