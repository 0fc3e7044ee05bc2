// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Operator.Building;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Features;
using Mesh.Operator.Building.Routes;
using Mesh.Operator.Building.Services;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Admission;

/// <summary>Where a feature can be set: a service port, or a rule on it.</summary>
/// <param name="Port">The port.</param>
/// <param name="Rule">The rule; null for the port itself.</param>
internal readonly record struct Place(ServicePortName Port, RuleId? Rule);

/// <summary>A rule of a route.</summary>
internal readonly record struct RuleId(ObjectKey Route, int Index);

/// <summary>A match that a route has on a port.</summary>
/// <param name="Rule">Whose it is.</param>
/// <param name="Index">Its place in the rule.</param>
/// <param name="Match">What requests must meet.</param>
internal sealed record ClaimedMatch(RuleId Rule, int Index, RouteMatch Match);

/// <summary>Who rules some services: what two states of the mesh are compared by.</summary>
internal sealed record RuleView
{
    public static IReadOnlyList<(string Name, Func<FeatureSet, object?> Of)> Features { get; } =
    [
        ("timeouts", static set => set.Timeouts),
        ("retries", static set => set.Retries),
        ("loadBalancing", static set => set.LoadBalancing),
        ("connectionLimits", static set => set.ConnectionLimits),
        ("outlierDetection", static set => set.OutlierDetection),
        ("faultInjection", static set => set.FaultInjection),
    ];

    /// <summary>By place, whose features hold there: name of the feature → its owner. A place without any is in it, too.</summary>
    public required IReadOnlyDictionary<Place, IReadOnlyDictionary<string, ObjectKey>> Owners { get; init; }

    /// <summary>By port and clients' namespace ("" for everybody): the matches, those that go first in front.</summary>
    public required IReadOnlyDictionary<(ServicePortName Port, string Client), IReadOnlyList<ClaimedMatch>> Matches { get; init; }

    private RuleBook Book { get; init; } = RuleBook.Empty;

    public static RuleView Of(ResourceSet resources, ServiceCatalog catalog, IReadOnlyList<CatalogService> services)
    {
        var book = RuleBook.Build(resources, catalog);
        var owners = new Dictionary<Place, IReadOnlyDictionary<string, ObjectKey>>();
        var matches = new Dictionary<(ServicePortName Port, string Client), IReadOnlyList<ClaimedMatch>>();
        foreach (var port in services.SelectMany(service => service.Ports).Select(port => port.Name))
        {
            owners[new Place(port, Rule: null)] = OwnersOf([.. book.Levels.OfCluster(port)]);
            foreach (var (client, routes) in book.Tables.On(port))
            {
                matches[(port, client)] = [.. routes.OrderBy(route => route.Source).SelectMany(Claims)];
                foreach (var (route, rule) in routes.SelectMany(route => route.Rules.Select(rule => (route, rule))))
                {
                    owners[new Place(port, new RuleId(route.Source.Key, rule.Index))] = OwnersOf([.. book.Levels.OfRule(port, route, rule)]);
                }
            }
        }

        return new RuleView { Owners = owners, Matches = matches, Book = book };
    }

    /// <summary>What is wrong with what an object says: a review asks for the changed one alone.</summary>
    public EquatableArray<Finding> FindingsOf(ObjectKey key) => Book.FindingsOf(key);

    /// <summary>Among equal matches the older route's goes first, then the earlier rule's.</summary>
    private static IEnumerable<ClaimedMatch> Claims(CompiledRoute route) => route.Rules
        .OrderBy(rule => rule.Index)
        .SelectMany(rule => rule.Matches.Select(match => new ClaimedMatch(new RuleId(route.Source.Key, rule.Index), match.Index, match.Match)));

    private static Dictionary<string, ObjectKey> OwnersOf(FeatureSet[] levels)
    {
        var owners = new Dictionary<string, ObjectKey>(StringComparer.Ordinal);
        foreach (var (name, of) in Features)
        {
            if (Array.Find(levels, level => of(level) is not null) is { Source: var source })
            {
                owners[name] = new ObjectKey(source.Kind, source.Namespace, source.Name);
            }
        }

        return owners;
    }
}
