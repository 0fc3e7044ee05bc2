// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.GatewayApi;
using Mesh.Model.Routing;
using Mesh.Operator.Building.Checks;

namespace Mesh.Operator.Building.Routes;

internal static class MirrorBuilder
{
    private const uint All = 1_000_000;

    /// <summary>Null where nothing is mirrored: the share is 0, or the backend does not exist (then with a problem).</summary>
    public static Mirror? Build(HTTPRequestMirrorFilter? spec, string path, ReferenceScope scope, ProblemList problems)
    {
        if (spec is null)
        {
            problems.Invalid(path, "is needed for a filter of type RequestMirror");
            return null;
        }

        var share = Share(spec, path, problems);
        var backend = BackendsBuilder.Resolve(spec.BackendRef, $"{path}.backendRef", scope, problems);
        return backend is { } target && share > 0 ? new Mirror(target, share) : null;
    }

    private static uint Share(HTTPRequestMirrorFilter spec, string path, ProblemList problems)
    {
        if (spec.Percent is not null && spec.Fraction is not null)
        {
            problems.Invalid(path, "give percent or fraction, not both");
        }

        if (spec.Fraction is null)
        {
            return SpecChecks.Millionths(spec.Percent, $"{path}.percent", problems);
        }

        var numerator = (long?)spec.Fraction.Numerator ?? -1;
        var denominator = (long?)spec.Fraction.Denominator ?? 100;
        if (numerator < 0 || denominator < 1 || numerator > denominator)
        {
            problems.Invalid($"{path}.fraction", "must have a denominator above 0 and a numerator from 0 to the denominator");
            return 0;
        }

        return (uint)(numerator * All / denominator);
    }
}
