// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Policies;
using Mesh.Operator.Building.Routes;
using Mesh.Operator.Building.Services;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building;

/// <summary>What rules which service, after all conflicts: the model before it is written out port by port. Admission compares two of them.</summary>
internal sealed record RuleBook
{
    public required ServiceCatalog Catalog { get; init; }

    public required MeshBasis Mesh { get; init; }

    /// <summary>Features by level of the hierarchy.</summary>
    public required PolicyLevels Levels { get; init; }

    /// <summary>Routes by service port.</summary>
    public required RouteTables Tables { get; init; }

    public static RuleBook Build(ResourceSet resources, FindingTable findings) =>
        Build(resources, ServiceCatalog.Build(resources.Services, findings), findings);

    /// <param name="resources">Everything that rules.</param>
    /// <param name="catalog">Made of the services of the same resources.</param>
    /// <param name="findings">Where to tell what is wrong.</param>
    public static RuleBook Build(ResourceSet resources, ServiceCatalog catalog, FindingTable findings)
    {
        var mesh = MeshBuilder.Build(resources, findings);
        var policyBuilder = new PolicyBuilder(resources, catalog, findings);
        var policies = resources.TrafficPolicies
            .OrderBy(pair => pair.Key)
            .Select(pair => policyBuilder.Build(pair.Key, pair.Value))
            .OfType<CompiledPolicy>()
            .ToArray();
        var (levels, policyRoutes) = PolicyLevels.Build(policies, mesh.Defaults, catalog, findings);
        return new RuleBook
        {
            Catalog = catalog,
            Mesh = mesh,
            Levels = levels,
            Tables = RouteTables.Build([.. RoutesBuilder.Build(resources, catalog, findings), .. policyRoutes], findings),
        };
    }
}
