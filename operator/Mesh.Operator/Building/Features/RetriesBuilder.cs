// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Model.Settings;
using Mesh.Operator.Building.Checks;
using Spec = Mesh.Crds.Features;

namespace Mesh.Operator.Building.Features;

internal static class RetriesBuilder
{
    private const int DefaultAttempts = 2;
    private const int DefaultBudgetPercent = 20;
    private const int DefaultBudgetConcurrency = 3;
    private static readonly TimeSpan DefaultBackoff = TimeSpan.FromMilliseconds(25);

    public static RetriesFeature? Build(Spec.Retries? spec, string path, ProblemList problems)
    {
        if (spec is null)
        {
            return null;
        }

        var attempts = SpecChecks.Range(spec.Attempts ?? DefaultAttempts, 0, 10, $"{path}.attempts", problems) ?? 0;
        var backoff = Backoff(spec.Backoff, $"{path}.backoff", problems);
        var perTry = DurationText.Read(spec.PerTryTimeout, $"{path}.perTryTimeout", problems);
        var retries = new Retries
        {
            Attempts = (uint)attempts,
            On = Conditions(spec, path, problems),
            StatusCodes = StatusCodes(spec, path, problems),
            PerTryTimeout = perTry == TimeSpan.Zero ? null : perTry,
            BackoffBase = backoff.Base,
            BackoffMaximum = backoff.Maximum,
        };
        return new RetriesFeature(attempts == 0 ? null : retries, Budget(spec.Budget, $"{path}.budget", problems));
    }

    private static EquatableArray<RetryCondition> Conditions(Spec.Retries spec, string path, ProblemList problems)
    {
        if (spec.RetryOn is not { Count: > 0 } && spec.StatusCodes is not { Count: > 0 })
        {
            return [RetryCondition.ConnectFailure, RetryCondition.RefusedStream, RetryCondition.GrpcUnavailable];
        }

        var conditions = new SortedSet<RetryCondition>();
        for (var i = 0; i < (spec.RetryOn?.Count ?? 0); i++)
        {
            if (SpecChecks.Known(spec.RetryOn?[i], $"{path}.retryOn[{i}]", problems) is { } on)
            {
                conditions.Add(Condition(on));
            }
        }

        return conditions.ToEquatableArray();
    }

    private static RetryCondition Condition(Spec.RetryOn on) => on switch
    {
        Spec.RetryOn.ConnectFailure => RetryCondition.ConnectFailure,
        Spec.RetryOn.RefusedStream => RetryCondition.RefusedStream,
        Spec.RetryOn.Reset => RetryCondition.Reset,
        Spec.RetryOn.ResetBeforeRequest => RetryCondition.ResetBeforeRequest,
        Spec.RetryOn.ServerError => RetryCondition.ServerError,
        Spec.RetryOn.GatewayError => RetryCondition.GatewayError,
        Spec.RetryOn.RetriableClientError => RetryCondition.RetriableClientError,
        Spec.RetryOn.GrpcCancelled => RetryCondition.GrpcCancelled,
        Spec.RetryOn.GrpcDeadlineExceeded => RetryCondition.GrpcDeadlineExceeded,
        Spec.RetryOn.GrpcInternal => RetryCondition.GrpcInternal,
        Spec.RetryOn.GrpcResourceExhausted => RetryCondition.GrpcResourceExhausted,
        Spec.RetryOn.GrpcUnavailable => RetryCondition.GrpcUnavailable,
    };

    private static EquatableArray<int> StatusCodes(Spec.Retries spec, string path, ProblemList problems)
    {
        var codes = new SortedSet<int>();
        for (var i = 0; i < (spec.StatusCodes?.Count ?? 0); i++)
        {
            if (SpecChecks.Range(spec.StatusCodes?[i], 400, 599, $"{path}.statusCodes[{i}]", problems) is { } code)
            {
                codes.Add(code);
            }
        }

        return codes.ToEquatableArray();
    }

    private static (TimeSpan Base, TimeSpan Maximum) Backoff(Spec.RetryBackoff? spec, string path, ProblemList problems)
    {
        var first = DurationText.Read(spec?.Base, $"{path}.base", problems, allowZero: false) ?? DefaultBackoff;
        var longest = DurationText.Read(spec?.Maximum, $"{path}.maximum", problems, allowZero: false) ?? first * 10;
        if (longest < first)
        {
            problems.Invalid($"{path}.maximum", "must not be less than base");
        }

        return (first, longest);
    }

    private static RetryBudget? Budget(Spec.RetryBudget? spec, string path, ProblemList problems)
    {
        if (spec is null)
        {
            return null;
        }

        var percent = SpecChecks.Range(spec.Percent ?? DefaultBudgetPercent, 0, 100, $"{path}.percent", problems) ?? 0;
        var minimum = SpecChecks.Range(
            spec.MinimumConcurrency ?? DefaultBudgetConcurrency, 0, 10000, $"{path}.minimumConcurrency", problems) ?? 0;
        return new RetryBudget(percent, (uint)minimum);
    }
}
