// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Envoy.Api;
using Google.Protobuf;

namespace Mesh.Xds.Translation;

/// <summary>Envoy's messages as JSON with Envoy's own (snake case) field names and every known Any expanded.</summary>
public static class EnvoyJson
{
    private static readonly JsonFormatter Formatter =
        new(JsonFormatter.Settings.Default.WithTypeRegistry(EnvoyTypes.Registry).WithPreserveProtoFieldNames(true));

    public static string Format(IMessage message) => Formatter.Format(message);

    public static JsonNode ToNode(IMessage message) =>
        JsonNode.Parse(Format(message)) ?? throw new InvalidOperationException("A message is a JSON object.");
}
