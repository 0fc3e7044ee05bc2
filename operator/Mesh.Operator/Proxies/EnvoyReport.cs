// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;
using Mesh.NodeAgent.Supervision;

namespace Mesh.Operator.Proxies;

/// <summary>What a node's <c>/envoy</c> tells.</summary>
/// <param name="State">Starting, Running, BackingOff or Stopped.</param>
/// <param name="Text">The same for people, with the reason.</param>
internal sealed record EnvoyReport(string State, string Text)
{
    /// <summary>While it runs.</summary>
    public int? Pid { get; init; }

    /// <summary>Whether it ran before this process did.</summary>
    public bool? Adopted { get; init; }

    /// <summary>Address of its admin interface, on the node itself only.</summary>
    public string? Admin { get; init; }

    public static EnvoyReport Of(EnvoyState state) => state is EnvoyState.Running running
        ? new EnvoyReport(nameof(EnvoyState.Running), running.Text) { Pid = running.Pid, Adopted = running.Adopted, Admin = running.Admin.ToString() }
        : new EnvoyReport(state.GetType().Name, state.Text);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EnvoyReport))]
internal sealed partial class EnvoyReportJson : JsonSerializerContext;
