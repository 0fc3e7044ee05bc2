// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Model.Settings;
using Mesh.Operator.Building.Features;
using Mesh.Operator.Building.Routes;

namespace Mesh.Operator.Building.Policies;

/// <summary>Merges the levels feature by feature: the most specific level that has a feature gives the whole of it.</summary>
internal sealed class EffectiveSettings(PolicyLevels levels)
{
    public (ClusterSettings Settings, Origins Origins) OfCluster(ServicePortName port) => Merge([.. levels.OfCluster(port)]);

    /// <summary>Whether a policy on the port or its service works on requests.</summary>
    public bool ShapesRequestsOf(ServicePortName port) => levels.HasHttpFields(port);

    public (RouteSettings Settings, Origins Origins) OfRule(ServicePortName port, CompiledRoute route, CompiledRule rule)
    {
        var (settings, sources) = Merge([.. levels.OfRule(port, route, rule)], rule.Action);
        return (WithOwnTimeouts(settings, rule), Origins.Of([.. sources, route.Source.Reference]));
    }

    /// <summary>For the rule that a port has without any route.</summary>
    public (RouteSettings Settings, Origins Origins) OfDefaultRule(ServicePortName port, RouteAction action)
    {
        var (settings, sources) = Merge([.. levels.OfCluster(port)], action);
        return (settings, Origins.Of(sources));
    }

    private static (ClusterSettings Settings, Origins Origins) Merge(FeatureSet[] levels)
    {
        var sources = new List<ResourceRef>();
        var timeouts = First(levels, level => level.Timeouts, timeouts => timeouts.Connect is not null, sources);
        var retries = First(levels, level => level.Retries, retries => retries.Budget is not null, sources);
        var balancing = First(levels, level => level.LoadBalancing, _ => true, sources);
        var settings = new ClusterSettings
        {
            ConnectTimeout = timeouts?.Connect ?? ClusterSettings.Default.ConnectTimeout,
            LoadBalancing = balancing?.Cluster ?? LoadBalancing.Default,
            ConnectionLimits = First(levels, level => level.ConnectionLimits, _ => true, sources),
            RetryBudget = retries?.Budget,
            OutlierDetection = First(levels, level => level.OutlierDetection, _ => true, sources),
        };
        return (settings, Origins.Of(sources));
    }

    private (RouteSettings Settings, List<ResourceRef> Sources) Merge(FeatureSet[] levels, RouteAction action)
    {
        var sources = new List<ResourceRef>();
        var timeouts = First(levels, level => level.Timeouts, timeouts => timeouts.Route != RouteTimeouts.None, sources);
        var settings = new RouteSettings
        {
            Timeouts = timeouts?.Route ?? RouteTimeouts.None,
            Retries = First(levels, level => level.Retries, _ => true, sources)?.Route,
            Fault = First(levels, level => level.FaultInjection, _ => true, sources),
            HashPolicies = HashPolicies(action, sources),
        };
        return (settings, sources);
    }

    /// <summary>
    /// What is hashed is a setting of the backend, but Envoy reads it from the route. Where backends of one rule differ, all of their
    /// policies stand in the order of the backends, and the first that a request carries counts.
    /// </summary>
    private EquatableArray<HashPolicy> HashPolicies(RouteAction action, List<ResourceRef> sources)
    {
        var policies = new List<HashPolicy>();
        var targets = action.Match(
            forward => forward.Backends.Select(backend => backend.Target).OfType<ServicePortName>(),
            redirect => []);
        foreach (var target in targets.Distinct())
        {
            var found = new List<ResourceRef>();
            var balancing = First([.. levels.OfCluster(target)], level => level.LoadBalancing, _ => true, found);
            if (balancing is { HashPolicies.IsEmpty: false })
            {
                policies.AddRange(balancing.HashPolicies);
                sources.AddRange(found);
            }
        }

        return policies.Distinct().ToEquatableArray();
    }

    /// <summary>
    /// Time limits in the rule itself go before those of policies. The limit of one try needs retries to hang on; without them the whole
    /// request is the one try.
    /// </summary>
    private static RouteSettings WithOwnTimeouts(RouteSettings settings, CompiledRule rule)
    {
        var request = rule.RequestTimeout ?? settings.Timeouts.Request;
        if (settings.Retries is { } retries)
        {
            return settings with
            {
                Timeouts = settings.Timeouts with { Request = request },
                Retries = rule.BackendTimeout is { } perTry
                    ? retries with { PerTryTimeout = perTry == TimeSpan.Zero ? null : perTry }
                    : retries,
            };
        }

        var single = rule.BackendTimeout is { } limit && limit > TimeSpan.Zero && (request is null || request == TimeSpan.Zero || limit < request)
            ? limit
            : request;
        return settings with { Timeouts = settings.Timeouts with { Request = single } };
    }

    /// <summary>The feature from the most specific level that has it; its source is noted where it shapes anything.</summary>
    private static T? First<T>(FeatureSet[] levels, Func<FeatureSet, T?> feature, Func<T, bool> shapes, List<ResourceRef> sources)
        where T : class
    {
        foreach (var level in levels)
        {
            if (feature(level) is { } found)
            {
                if (shapes(found))
                {
                    sources.Add(level.Source);
                }

                return found;
            }
        }

        return null;
    }
}
