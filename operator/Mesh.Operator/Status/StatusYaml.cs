// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Mesh.Crds.V1Alpha1;
using Mesh.Crds.Schema;

namespace Mesh.Operator.Status;

/// <summary>A status as YAML text, with enough of the object to know whose it is.</summary>
internal static class StatusYaml
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter<ConditionStatus>() },
    };

    public static string Of(StatusDocument document)
    {
        var key = document.Status.Key;
        var metadata = new JsonObject { ["name"] = key.Name };
        if (key.Namespace.Length > 0)
        {
            metadata["namespace"] = key.Namespace;
        }

        metadata["generation"] = document.Status.Generation;
        var status = JsonSerializer.SerializeToNode<object>(document.Policy ?? (object)document.Route!, Options)!.AsObject();
        if (document.Route is not null)
        {
            // Gateway API's status has no place for counts; in a file they may stand beside it.
            status["summary"] = new JsonObject { ["proxies"] = document.Status.Proxies.ToString(), ["target"] = document.Status.Target };
        }

        return YamlText.Of(new JsonObject { ["kind"] = key.Kind, ["metadata"] = metadata, ["status"] = status });
    }
}
