// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Building;

namespace Mesh.Operator.Status;

/// <summary>
/// What tools that know no kind of ours look at (kstatus, and with it Flux and <c>kubectl wait</c>): <c>Ready</c>, and <c>Stalled</c> where
/// waiting is of no use.
/// </summary>
internal static class SummaryConditions
{
    public const string Ready = "Ready";
    public const string Stalled = "Stalled";

    /// <summary>True when all of them are; else it says what the first one says that is false, or unknown if none is false.</summary>
    public static ConditionState ReadyOf(IReadOnlyCollection<ConditionState> conditions)
    {
        var worst = conditions.FirstOrDefault(condition => condition.Status == ConditionStatus.False)
            ?? conditions.FirstOrDefault(condition => condition.Status == ConditionStatus.Unknown)
            ?? conditions.Last();
        return worst with { Type = Ready };
    }

    /// <summary>
    /// Null where something else may still come to help: a Service, a backend, a grant or a proxy that is not there yet. The condition is told
    /// only where it is true, as kstatus has it for what is abnormal.
    /// </summary>
    public static ConditionState? StalledOf(IReadOnlyCollection<ConditionState> conditions)
    {
        var stuck = conditions.FirstOrDefault(condition => condition.Status == ConditionStatus.False && NeedsUser(condition.Reason));
        return stuck is null ? null : stuck with { Type = Stalled, Status = ConditionStatus.True };
    }

    private static bool NeedsUser(string reason) => reason
        is Reasons.Invalid or Reasons.UnsupportedValue or Reasons.Unenforceable or Reasons.Conflicted or Reasons.InvalidKind or Reasons.RejectedByProxy;
}
