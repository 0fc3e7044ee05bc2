// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.Kinds;
using Mesh.Crds.V1Alpha1;

namespace Mesh.Crds.Access;

/// <summary>Writes how the API server asks us about writes. Why it fails as it does stands in DECISIONS.md ("Admission").</summary>
internal static class WebhookWriter
{
    private const int OwnSeconds = 5;
    private const int RouteSeconds = 2;

    /// <summary>What does not change what is asked for needs no judgement: labels, finalizers, the end of an object.</summary>
    private const string HasNewSpec =
        "request.operation != 'UPDATE' || !has(object.spec) || !has(oldObject.spec) || object.spec != oldObject.spec";

    private const string HasServiceParent =
        "has(object.spec) && has(object.spec.parentRefs) && object.spec.parentRefs.exists(p, has(p.kind) && p.kind == 'Service')";

    public static string Configuration() => GeneratedYaml.Of(new JsonObject
    {
        ["apiVersion"] = "admissionregistration.k8s.io/v1",
        ["kind"] = "ValidatingWebhookConfiguration",
        ["metadata"] = GeneratedYaml.Metadata(OperatorNames.WebhookConfiguration, isNamespaced: false),
        ["webhooks"] = new JsonArray(
            Webhook($"policies.{ApiGroup.Name}", AccessTable.UserKinds, (Fails: true, OwnSeconds), ("has-new-spec", HasNewSpec)),
            Webhook(
                $"routes.{ApiGroup.Name}",
                KindCatalog.All.Where(kind => kind.Group == GatewayApiGroup.Name),
                (Fails: false, RouteSeconds),
                ("has-service-parent", HasServiceParent),
                ("has-new-spec", HasNewSpec))),
    });

    public static string Service() => GeneratedYaml.Of(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = GeneratedYaml.Metadata(OperatorNames.AdmissionService, isNamespaced: true),
        ["spec"] = new JsonObject
        {
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = 443, ["protocol"] = "TCP", ["targetPort"] = OperatorNames.AdmissionPort }),
            ["selector"] = new JsonObject { ["app.kubernetes.io/name"] = OperatorNames.Operator },
        },
    });

    public static string Kustomization() => GeneratedYaml.Of(new JsonObject
    {
        ["apiVersion"] = "kustomize.config.k8s.io/v1beta1",
        ["kind"] = "Kustomization",
        ["resources"] = new JsonArray("webhook.yaml", "service.yaml"),
    });

    private static JsonObject Webhook(
        string name, IEnumerable<KindEntry> kinds, (bool Fails, int Seconds) when, params (string Name, string Expression)[] conditions)
    {
        var all = kinds.ToArray();
        return new JsonObject
        {
            ["admissionReviewVersions"] = new JsonArray("v1"),
            ["clientConfig"] = new JsonObject
            {
                ["service"] = new JsonObject
                {
                    ["name"] = OperatorNames.AdmissionService,
                    ["namespace"] = OperatorNames.Namespace,
                    ["path"] = OperatorNames.AdmissionPath,
                    ["port"] = 443,
                },
            },
            ["failurePolicy"] = when.Fails ? "Fail" : "Ignore",
            ["matchConditions"] = new JsonArray([.. conditions.Select(condition => new JsonObject
            {
                ["expression"] = condition.Expression, ["name"] = condition.Name,
            })]),
            ["matchPolicy"] = "Equivalent",
            ["name"] = name,
            ["rules"] = new JsonArray(new JsonObject
            {
                ["apiGroups"] = Texts(all.Select(kind => kind.Group)),
                ["apiVersions"] = Texts(all.Select(kind => kind.Version)),
                ["operations"] = new JsonArray("CREATE", "UPDATE"),
                ["resources"] = Texts(all.Select(kind => kind.Plural)),
                ["scope"] = "*",
            }),
            ["sideEffects"] = "None",
            ["timeoutSeconds"] = when.Seconds,
        };
    }

    private static JsonArray Texts(IEnumerable<string> texts) =>
        new([.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(text => JsonValue.Create(text))]);
}
