// SPDX-License-Identifier: Apache-2.0
using BudgetMessage = Envoy.Config.Cluster.V3.CircuitBreakers.Types.Thresholds.Types.RetryBudget;

namespace Mesh.Xds.Translation.Features;

/// <summary>Retries are always bounded, or a service in trouble gets more load than one in health.</summary>
internal static class RetryBudget
{
    /// <summary>In place of Envoy's own default, three retries at a time per node, which a node full of pods exhausts at once.</summary>
    private static readonly Model.Settings.RetryBudget Default = new(Percent: 20, MinimumConcurrency: 10);

    public static BudgetMessage Build(Model.Settings.RetryBudget? budget)
    {
        var effective = budget ?? Default;
        return new BudgetMessage
        {
            BudgetPercent = ProtoValues.ToPercent(effective.Percent),
            MinRetryConcurrency = effective.MinimumConcurrency,
        };
    }
}
