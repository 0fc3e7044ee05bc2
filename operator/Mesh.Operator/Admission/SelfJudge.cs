// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using k8s;
using k8s.Models;
using Mesh.Crds.Kinds;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Building;
using Mesh.Operator.Building.Policies;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Admission;

/// <summary>An object by itself.</summary>
/// <param name="Key">Its key in the store.</param>
/// <param name="Entity">Null where it cannot be read.</param>
/// <param name="Refusals">What is wrong with it whatever else there is in the cluster.</param>
internal sealed record SelfVerdict(ObjectKey Key, IKubernetesObject<V1ObjectMeta>? Entity, ImmutableArray<Refusal> Refusals);

/// <summary>
/// Finds what is wrong with an object by itself: what its schema says (again, for the CRD in the cluster may be an older one), and what the model
/// builder would refuse in any cluster, in the same words as the status would have. Pure and total.
/// </summary>
internal static class SelfJudge
{
    public static SelfVerdict Judge(KindEntry kind, AdmittedDocument document)
    {
        var read = kind.Read(document.Content);
        var key = new ObjectKey(kind.Kind, document.Namespace, document.Name);
        return read.Entity is { } entity
            ? new SelfVerdict(key, entity, Refusals(key, entity))
            : new SelfVerdict(key, Entity: null, [.. read.Problems.Select(problem => new Refusal(problem.Path, problem.Message))]);
    }

    /// <summary>Alone in an empty mesh all references lead nowhere, which is no fault of the object; what else is found is.</summary>
    private static ImmutableArray<Refusal> Refusals(ObjectKey key, IKubernetesObject<V1ObjectMeta> entity)
    {
        var alone = new ResourceSetEditor(ResourceSet.Empty);
        alone.Set(key, entity);
        var own = RuleBook.Build(alone.Build(default)).FindingsOf(key);
        return
        [
            .. own.Where(IsOfItself).Select(finding => new Refusal(finding.Path, finding.Message)),
            .. entity is TrafficPolicy policy ? WrongNamespaces(key, policy) : [],
        ];
    }

    /// <summary>Parents are judged by what their Service is like, which is not the object's own fault.</summary>
    private static bool IsOfItself(Finding finding) =>
        finding.Parent is null && finding.Reason is Reasons.Invalid or Reasons.UnsupportedValue or Reasons.InvalidKind;

    /// <summary>To the model it is a target that does not exist; it never will, and no rule of the CRD can tell a policy's namespace.</summary>
    private static IEnumerable<Refusal> WrongNamespaces(ObjectKey key, TrafficPolicy policy)
    {
        var targets = policy.Spec?.TargetRefs ?? [];
        return targets
            .Select((target, index) => (target, index))
            .Where(pair => pair.target is { Kind: PolicyTargetKind.Namespace, Name: { } name } && name != key.Namespace)
            .Select(pair => new Refusal($"spec.targetRefs[{pair.index}].name", TargetsBuilder.OwnNamespaceOnly(key.Namespace)));
    }
}
