// SPDX-License-Identifier: Apache-2.0
using NUnit.Framework.Constraints;

namespace Mesh.EndToEnd.Tests;

internal static class Bounds
{
    // A right split leaves this once in half a billion runs.
    private const double Deviations = 6;

    /// <summary>What a share of so many independent calls comes to.</summary>
    public static RangeConstraint Share(double share, int calls)
    {
        var width = Deviations * Math.Sqrt(calls * share * (1 - share));
        return Is.InRange((int)Math.Floor((share * calls) - width), (int)Math.Ceiling((share * calls) + width));
    }
}
