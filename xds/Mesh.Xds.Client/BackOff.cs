// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Client;

/// <summary>Pauses that double up to a limit, each drawn at random from its upper half so that clients do not come back all at once.</summary>
public sealed class BackOff(TimeSpan first, TimeSpan longest, Func<double> random)
{
    private int failures;

    public TimeSpan Next()
    {
        // 2^20 first pauses are longer than any limit.
        var pause = first * Math.Pow(2, Math.Min(failures++, 20));
        return (pause < longest ? pause : longest) * (0.5 + (random() / 2));
    }

    public void Reset() => failures = 0;
}
