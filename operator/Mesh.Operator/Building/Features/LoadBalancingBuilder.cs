// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Model.Settings;
using Mesh.Operator.Building.Checks;
using Spec = Mesh.Crds.Features;

namespace Mesh.Operator.Building.Features;

internal static class LoadBalancingBuilder
{
    private const int DefaultMinimumWeightPercent = 10;

    public static LoadBalancingFeature? Build(Spec.LoadBalancing? spec, string path, ProblemList problems)
    {
        if (spec is null)
        {
            return null;
        }

        var algorithm = Algorithm(
            SpecChecks.Known(spec.Algorithm, $"{path}.algorithm", problems) ?? Spec.LoadBalancingAlgorithm.LeastRequest);
        CheckFit(spec, algorithm, path, problems);
        var cluster = new LoadBalancing
        {
            Algorithm = algorithm,
            ChoiceCount = SpecChecks.Range(spec.ChoiceCount, 2, 10, $"{path}.choiceCount", problems),
            MinimumRingSize = SpecChecks.Range(spec.MinimumRingSize, 1, 65536, $"{path}.minimumRingSize", problems),
            SlowStart = SlowStart(spec.SlowStart, $"{path}.slowStart", problems),
        };
        return new LoadBalancingFeature(cluster, HashPolicies(spec, algorithm, path, problems));
    }

    private static LoadBalancingAlgorithm Algorithm(Spec.LoadBalancingAlgorithm algorithm) => algorithm switch
    {
        Spec.LoadBalancingAlgorithm.LeastRequest => LoadBalancingAlgorithm.LeastRequest,
        Spec.LoadBalancingAlgorithm.RoundRobin => LoadBalancingAlgorithm.RoundRobin,
        Spec.LoadBalancingAlgorithm.Random => LoadBalancingAlgorithm.Random,
        Spec.LoadBalancingAlgorithm.RingHash => LoadBalancingAlgorithm.RingHash,
        Spec.LoadBalancingAlgorithm.Maglev => LoadBalancingAlgorithm.Maglev,
    };

    private static bool IsHashed(LoadBalancingAlgorithm algorithm) =>
        algorithm is LoadBalancingAlgorithm.RingHash or LoadBalancingAlgorithm.Maglev;

    private static void CheckFit(Spec.LoadBalancing spec, LoadBalancingAlgorithm algorithm, string path, ProblemList problems)
    {
        if (spec.HashOn is { Count: > 0 } && !IsHashed(algorithm))
        {
            problems.Invalid($"{path}.hashOn", "hashOn needs algorithm RingHash or Maglev");
        }

        if (spec.ChoiceCount is not null && algorithm != LoadBalancingAlgorithm.LeastRequest)
        {
            problems.Invalid($"{path}.choiceCount", "choiceCount needs algorithm LeastRequest");
        }

        if (spec.MinimumRingSize is not null && algorithm != LoadBalancingAlgorithm.RingHash)
        {
            problems.Invalid($"{path}.minimumRingSize", "minimumRingSize needs algorithm RingHash");
        }

        if (spec.SlowStart is not null && algorithm is not (LoadBalancingAlgorithm.LeastRequest or LoadBalancingAlgorithm.RoundRobin))
        {
            problems.Invalid($"{path}.slowStart", "slowStart needs algorithm LeastRequest or RoundRobin");
        }
    }

    private static SlowStart? SlowStart(Spec.SlowStart? spec, string path, ProblemList problems)
    {
        if (spec is null)
        {
            return null;
        }

        if (spec.Window is null)
        {
            problems.Invalid($"{path}.window", "is needed");
        }

        var window = DurationText.Read(spec.Window, $"{path}.window", problems, allowZero: false) ?? default;
        var weight = SpecChecks.Range(
            spec.MinimumWeightPercent ?? DefaultMinimumWeightPercent, 1, 100, $"{path}.minimumWeightPercent", problems);
        return new SlowStart(window, weight ?? DefaultMinimumWeightPercent);
    }

    private static EquatableArray<HashPolicy> HashPolicies(
        Spec.LoadBalancing spec, LoadBalancingAlgorithm algorithm, string path, ProblemList problems)
    {
        if (!IsHashed(algorithm))
        {
            return [];
        }

        var policies = new List<HashPolicy>();
        foreach (var (item, itemPath, _) in SpecChecks.Each(spec.HashOn, $"{path}.hashOn", problems))
        {
            if (HashOn(item, itemPath, problems) is { } policy)
            {
                policies.Add(policy);
            }
        }

        return policies.Count == 0 ? [new HashPolicy(HashSource.SourceAddress, "", CookieTtl: null)] : policies.ToEquatableArray();
    }

    private static HashPolicy? HashOn(Spec.HashOn spec, string path, ProblemList problems)
    {
        if (SpecChecks.Known(spec.Type, $"{path}.type", problems) is not { } type)
        {
            if (spec.Type is null)
            {
                problems.Invalid($"{path}.type", "is needed");
            }

            return null;
        }

        var isNamed = type != Spec.HashOnType.SourceAddress;
        if (isNamed != spec.Name is { Length: > 0 })
        {
            problems.Invalid($"{path}.name", isNamed ? $"is needed for {type}" : "is not allowed for SourceAddress");
        }
        else if (isNamed && !HeaderNames.IsToken(spec.Name))
        {
            problems.Invalid($"{path}.name", $"\"{spec.Name}\" has characters that no such name may have");
        }

        if (spec.CookieTTL is not null && type != Spec.HashOnType.Cookie)
        {
            problems.Invalid($"{path}.cookieTTL", "cookieTTL needs type Cookie");
        }

        return new HashPolicy(Source(type), spec.Name ?? "", DurationText.Read(spec.CookieTTL, $"{path}.cookieTTL", problems));
    }

    private static HashSource Source(Spec.HashOnType type) => type switch
    {
        Spec.HashOnType.Header => HashSource.Header,
        Spec.HashOnType.Cookie => HashSource.Cookie,
        Spec.HashOnType.QueryParameter => HashSource.QueryParameter,
        Spec.HashOnType.SourceAddress => HashSource.SourceAddress,
    };
}
