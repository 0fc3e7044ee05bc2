// SPDX-License-Identifier: Apache-2.0
using Mesh.Model.Settings;
using Mesh.Operator.Building.Checks;
using Spec = Mesh.Crds.Features;

namespace Mesh.Operator.Building.Features;

internal static class OutlierDetectionBuilder
{
    public static OutlierDetection? Build(Spec.OutlierDetection? spec, string path, ProblemList problems) => spec is null
        ? null
        : new OutlierDetection
        {
            Consecutive5xx = Count(spec.Consecutive5xx, 5, $"{path}.consecutive5xx", problems),
            ConsecutiveGatewayErrors = Count(spec.ConsecutiveGatewayErrors, 0, $"{path}.consecutiveGatewayErrors", problems),
            Interval = Time(spec.Interval, 10, $"{path}.interval", problems),
            BaseEjectionTime = Time(spec.BaseEjectionTime, 30, $"{path}.baseEjectionTime", problems),
            MaxEjectionPercent = SpecChecks.Range(spec.MaxEjectionPercent ?? 10, 0, 100, $"{path}.maxEjectionPercent", problems) ?? 0,
        };

    private static uint Count(int? value, int byDefault, string path, ProblemList problems) =>
        (uint)(SpecChecks.Range(value ?? byDefault, 0, 10_000, path, problems) ?? 0);

    private static TimeSpan Time(string? text, int defaultSeconds, string path, ProblemList problems) =>
        DurationText.Read(text, path, problems, allowZero: false) ?? TimeSpan.FromSeconds(defaultSeconds);
}
