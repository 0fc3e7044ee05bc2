// SPDX-License-Identifier: Apache-2.0
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework.Internal;

namespace Mesh.Tests.Streams;

/// <summary>Lists of numbers, each of which a test takes for a step; any step may be superfluous to a failure.</summary>
internal static class Interleavings
{
    /// <param name="run">Runs one list.</param>
    public static Property Of(Func<int[], bool> run)
    {
        var steps = Gen.Choose(0, 1_000_000).ListOf().Select(static list => list.ToArray());
        return Prop.ForAll(Arb.From(steps, Shrink), list => Alone(() => run(list)));
    }

    private static IEnumerable<int[]> Shrink(int[] steps) =>
        steps.Select((_, left) => steps.Where((_, at) => at != left).ToArray());

    // Without this NUnit would report the failure of every list that was tried to make the first one smaller.
    private static bool Alone(Func<bool> run)
    {
        using var context = new TestExecutionContext.IsolatedContext();
        return run();
    }
}
