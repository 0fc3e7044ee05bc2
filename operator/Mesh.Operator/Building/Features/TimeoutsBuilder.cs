// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Features;
using Mesh.Model.Settings;
using Mesh.Operator.Building.Checks;

namespace Mesh.Operator.Building.Features;

internal static class TimeoutsBuilder
{
    public static TimeoutsFeature? Build(Timeouts? spec, string path, ProblemList problems)
    {
        if (spec is null)
        {
            return null;
        }

        var route = new RouteTimeouts
        {
            Request = DurationText.Read(spec.Request, $"{path}.request", problems),
            StreamIdle = DurationText.Read(spec.StreamIdle, $"{path}.streamIdle", problems),
            MaxStreamDuration = DurationText.Read(spec.MaxStreamDuration, $"{path}.maxStreamDuration", problems),
        };
        // A connection that may take for ever is none that Envoy could be told of: its connect timeout must be above 0.
        return new TimeoutsFeature(route, DurationText.Read(spec.Connect, $"{path}.connect", problems, allowZero: false));
    }
}
