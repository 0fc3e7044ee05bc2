// SPDX-License-Identifier: Apache-2.0
namespace Mesh.NodeAgent.Supervision;

/// <summary>Waits that double up to a limit.</summary>
public sealed record Backoff(TimeSpan First, TimeSpan Longest)
{
    /// <summary>The wait after so many failures in a row, 1 being the first.</summary>
    public TimeSpan After(int failures)
    {
        const int doublingsThatMatter = 20;
        var wait = First * Math.Pow(2, Math.Clamp(failures - 1, 0, doublingsThatMatter));
        return wait < Longest ? wait : Longest;
    }
}
