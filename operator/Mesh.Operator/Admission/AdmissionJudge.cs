// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Mesh.Crds.Core;
using Mesh.Crds.Kinds;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Services;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Admission;

/// <summary>What is known of a write when the object alone has been looked at.</summary>
/// <param name="Answer">The verdict, without effects on other objects.</param>
/// <param name="Change">What to look at for these; null where there is nothing to tell.</param>
internal sealed record FirstVerdict(AdmissionAnswer Answer, ProposedChange? Change)
{
    public static FirstVerdict Silent { get; } = new(AdmissionAnswer.Silent, Change: null);
}

/// <summary>The rules of admission: pure, and total whatever the request is.</summary>
internal static class AdmissionJudge
{
    /// <summary>Services change seldom while policies are written one after the other.</summary>
    private static readonly ConditionalWeakTable<ImmutableDictionary<ObjectKey, Service>, ServiceCatalog> Catalogs = [];

    /// <summary>The object by itself. Costs no more than the object is large.</summary>
    public static FirstVerdict JudgeAlone(AdmissionRequest request)
    {
        var kind = KindCatalog.All.FirstOrDefault(entry => entry.Kind == request.Kind && entry.Group == request.Group);
        if (kind is not { Origin: KindOrigin.Mesh or KindOrigin.GatewayApi } || request.Operation is not ("CREATE" or "UPDATE") || request.Object is not { } proposed)
        {
            return FirstVerdict.Silent;
        }

        if (kind.Origin == KindOrigin.GatewayApi && !HasServiceParent(proposed))
        {
            // Another controller's.
            return FirstVerdict.Silent;
        }

        var verdict = SelfJudge.Judge(kind, AdmittedDocument.Of(kind, proposed));
        var isTaken = verdict.Refusals.IsEmpty || kind.Origin == KindOrigin.GatewayApi || IsNoChangeOfSpec(request);
        var answer = isTaken ? new AdmissionAnswer([], Texts(verdict)) : new AdmissionAnswer(verdict.Refusals, []);
        return new FirstVerdict(answer, isTaken ? Change(kind, verdict, request) : null);
    }

    /// <summary>What the object means for the others, and they for it. Costs as much as there is in the namespaces it touches.</summary>
    public static ImmutableArray<string> Effects(ProposedChange change, ResourceSet current)
    {
        var catalog = Catalogs.GetValue(current.Services, static services => ServiceCatalog.Build(services));
        var (before, after) = change.Sets(current);
        var services = change.ServicesIn(catalog, current);
        return EffectReport.Write(change.Key, RuleView.Of(before, catalog, services), RuleView.Of(after, catalog, services));
    }

    /// <summary>
    /// An object that is stored already stays as it is, valid or not: its labels and finalizers must be changeable, above all where it is being deleted.
    /// </summary>
    private static bool IsNoChangeOfSpec(AdmissionRequest request) =>
        request.OldObject is { } old
        && ((request.Object?["metadata"] as JsonObject)?["deletionTimestamp"] is not null || JsonNode.DeepEquals(old["spec"], request.Object?["spec"]));

    private static ProposedChange? Change(KindEntry kind, SelfVerdict verdict, AdmissionRequest request) =>
        verdict.Entity is null
            ? null
            : new ProposedChange(
                verdict.Key,
                verdict.Entity,
                request.OldObject is { } old ? kind.Read(AdmittedDocument.Of(kind, old).Content).Entity : null);

    private static ImmutableArray<string> Texts(SelfVerdict verdict) => [.. verdict.Refusals.Select(refusal => refusal.ToString())];

    private static bool HasServiceParent(JsonObject route) =>
        (route["spec"] as JsonObject)?["parentRefs"] is JsonArray parents
        && parents.OfType<JsonObject>().Any(parent => parent["kind"] is JsonValue kind && kind.TryGetValue<string>(out var text) && text == "Service");
}
