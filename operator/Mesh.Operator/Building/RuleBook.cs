// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Building.Policies;
using Mesh.Operator.Building.Routes;
using Mesh.Operator.Building.Services;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building;

/// <summary>What rules which service, after all conflicts: the model before it is written out port by port. Admission compares two of them.</summary>
internal sealed record RuleBook
{
    private RuleBook()
    {
    }

    public ResourceSet Resources { get; private init; } = ResourceSet.Empty;

    public ServiceCatalog Catalog { get; private init; } = ServiceCatalog.Empty;

    /// <summary>Namespaces with clients.</summary>
    public ImmutableHashSet<string> Enrolled { get; private init; } = [];

    /// <summary>What each Mesh, policy and route says.</summary>
    public Results<Reading> Readings { get; private init; } = Results<Reading>.None;

    /// <summary>Policies by target.</summary>
    public PolicyTargets Targets { get; private init; } = PolicyTargets.None;

    /// <summary>What each policy and route claims after conflicts of policies.</summary>
    public Results<Claim> Claims { get; private init; } = Results<Claim>.None;

    /// <summary>Routes by service port.</summary>
    public RouteTables Tables { get; private init; } = RouteTables.None;

    public static RuleBook Empty { get; } = new();

    public MeshBasis Mesh => Readings.Of(MeshBuilder.TheMesh)?.Mesh ?? MeshBasis.Default;

    /// <summary>Features by level of the hierarchy.</summary>
    public PolicyLevels Levels => new(new Lookups(this, default));

    public static RuleBook Build(ResourceSet resources) => Build(resources, ServiceCatalog.Build(resources.Services));

    /// <param name="resources">Everything that rules.</param>
    /// <param name="catalog">Made of the services of the same resources, or of more.</param>
    public static RuleBook Build(ResourceSet resources, ServiceCatalog catalog)
    {
        // Of ResourceSet.Keys most are others.
        IEnumerable<ObjectKey> keys =
        [
            .. resources.Meshes.Keys, .. resources.TrafficPolicies.Keys, .. resources.HttpRoutes.Keys, .. resources.GrpcRoutes.Keys,
            .. resources.Problems.Keys.Where(Reading.IsOf),
        ];
        return (Empty with { Resources = resources, Catalog = catalog }).FollowRules(keys.Select(key => new Fact(Step.Object, key)).ToHashSet());
    }

    /// <summary>What is known of newer resources.</summary>
    /// <param name="resources">The resources.</param>
    /// <param name="enrolled">Namespaces with clients.</param>
    /// <param name="changed">Objects that have changed; what else is another fact than before is added.</param>
    public RuleBook Follow(ResourceSet resources, ImmutableHashSet<string> enrolled, HashSet<Fact> changed)
    {
        if (!ReferenceEquals(enrolled, Enrolled))
        {
            changed.UnionWith(enrolled.SymmetricExcept(Enrolled).Select(space => new Fact(Step.Clients, Enrolment.KeyOf(space))));
        }

        var next = this with { Resources = resources, Catalog = Catalog.Follow(resources.Services, changed), Enrolled = enrolled };
        return next.FollowRules(changed);
    }

    /// <summary>What is wrong with what a Mesh, a policy or a route says.</summary>
    public EquatableArray<Finding> FindingsOf(ObjectKey key) => FindingList.Sort(Verdict.OfRules(new Lookups(this, key)));

    private RuleBook FollowRules(HashSet<Fact> changed)
    {
        var (readings, read) = Readings.Follow(this, changed, Reading.IsOf, Reading.Build);
        var next = this with { Readings = readings };
        changed.UnionWith(read.Where(difference => difference.Key.Kind != "Mesh").Select(difference => new Fact(Step.Reading, difference.Key)));
        if (next.Mesh.Defaults != Mesh.Defaults)
        {
            changed.Add(new Fact(Step.Reading, MeshBuilder.TheMesh));
        }

        next = next with { Targets = Targets.Follow(read.Select(difference => (difference.Old?.Policy, difference.New?.Policy)), changed) };
        var (claims, claimed) = Claims.Follow(next, changed, Reading.IsOf, PolicyClaims.Build);
        changed.UnionWith(claimed.Select(difference => new Fact(Step.Claims, difference.Key)));
        return next with
        {
            Claims = claims,
            Tables = Tables.Follow(claimed.Select(difference => (difference.Old?.Route, difference.New?.Route)), changed),
        };
    }
}
