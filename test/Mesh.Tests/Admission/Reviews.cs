// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Mesh.Operator.Admission;
using Mesh.Operator.Sources;
using Mesh.Testing.Builders;

namespace Mesh.Tests.Admission;

/// <summary>Admission's questions as tests ask them.</summary>
internal static class Reviews
{
    public static AdmissionRequest Create(JsonObject proposed) => Of("CREATE", proposed, stored: null);

    public static AdmissionRequest Update(JsonObject stored, JsonObject proposed) => Of("UPDATE", proposed, stored);

    public static AdmissionRequest Of(string operation, JsonObject? proposed, JsonObject? stored)
    {
        var either = proposed ?? stored;
        var apiVersion = either?["apiVersion"]?.GetValue<string>() ?? "";
        return new AdmissionRequest
        {
            Uid = "u-1",
            Group = apiVersion.Contains('/', StringComparison.Ordinal) ? apiVersion.Split('/')[0] : "",
            Kind = either?["kind"]?.GetValue<string>() ?? "",
            Operation = operation,
            Object = proposed,
            OldObject = stored,
        };
    }

    public static JsonObject Body(AdmissionRequest request) => new()
    {
        ["apiVersion"] = AdmissionReviews.ApiVersion,
        ["kind"] = AdmissionReviews.Kind,
        ["request"] = new JsonObject
        {
            ["uid"] = request.Uid,
            ["kind"] = new JsonObject { ["group"] = request.Group, ["version"] = "v1", ["kind"] = request.Kind },
            ["operation"] = request.Operation,
            ["object"] = request.Object?.DeepClone(),
            ["oldObject"] = request.OldObject?.DeepClone(),
        },
    };

    /// <summary>What a user would be warned of.</summary>
    public static string[] Effects(IKubernetesObject<V1ObjectMeta> proposed, IKubernetesObject<V1ObjectMeta>? stored, params IKubernetesObject<V1ObjectMeta>[] others) =>
        [.. AdmissionJudge.Effects(new ProposedChange(ObjectKeys.Of(proposed), proposed, stored), ResourceSetBuilder.Of(others))];
}
