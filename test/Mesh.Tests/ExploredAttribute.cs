// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using FsCheckProperty = FsCheck.NUnit.PropertyAttribute;

namespace Mesh.Tests;

/// <summary>
/// A property that the suite checks with the same cases every time, so that a red run is about the change that it ran for. <c>make
/// explore</c> sets <c>MESH_EXPLORE_SEED</c> and <c>MESH_EXPLORE_TIMES</c> and looks at cases that nobody has seen yet; what it finds is
/// mended, and its steps are kept as a test.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ExploredAttribute : FsCheckProperty
{
    private const string Usual = "20261126";

    /// <param name="cases">How many cases the suite checks.</param>
    public ExploredAttribute(int cases)
    {
        // The second half of a seed is odd.
        Replay = (Environment.GetEnvironmentVariable("MESH_EXPLORE_SEED") is { Length: > 0 } seed ? seed : Usual) + ",1";
        MaxTest = cases * (int.TryParse(Environment.GetEnvironmentVariable("MESH_EXPLORE_TIMES"), CultureInfo.InvariantCulture, out var times) ? times : 1);
    }
}
