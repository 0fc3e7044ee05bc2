// SPDX-License-Identifier: Apache-2.0
using Mesh.Model.Settings;
using Mesh.Operator.Building.Checks;
using Spec = Mesh.Crds.Features;

namespace Mesh.Operator.Building.Features;

internal static class FaultInjectionBuilder
{
    public static Fault? Build(Spec.FaultInjection? spec, string path, ProblemList problems)
    {
        if (spec is null)
        {
            return null;
        }

        if (spec.Delay is null && spec.Abort is null)
        {
            problems.Invalid(path, "give delay, abort or both");
        }

        return new Fault
        {
            Delay = Delay(spec.Delay, $"{path}.delay", problems),
            Abort = Abort(spec.Abort, $"{path}.abort", problems),
        };
    }

    private static FaultDelay? Delay(Spec.FaultDelay? spec, string path, ProblemList problems)
    {
        if (spec is null)
        {
            return null;
        }

        if (spec.Duration is null)
        {
            problems.Invalid($"{path}.duration", "is needed");
        }

        var duration = DurationText.Read(spec.Duration, $"{path}.duration", problems, allowZero: false) ?? default;
        return new FaultDelay(duration, SpecChecks.Millionths(spec.Percent, $"{path}.percent", problems));
    }

    private static FaultAbort? Abort(Spec.FaultAbort? spec, string path, ProblemList problems)
    {
        if (spec is null)
        {
            return null;
        }

        if (spec.HttpStatus is null == spec.GrpcStatus is null)
        {
            problems.Invalid(path, "give either httpStatus or grpcStatus");
        }

        return new FaultAbort(
            SpecChecks.Range(spec.HttpStatus, 200, 599, $"{path}.httpStatus", problems),
            SpecChecks.Range(spec.GrpcStatus, 0, 16, $"{path}.grpcStatus", problems),
            SpecChecks.Millionths(spec.Percent, $"{path}.percent", problems));
    }
}
