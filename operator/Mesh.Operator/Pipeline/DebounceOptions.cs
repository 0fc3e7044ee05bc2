// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Pipeline;

/// <summary>How long a burst of changes may settle before the stages run.</summary>
/// <param name="Quiet">Run after so long without a further change.</param>
/// <param name="Maximum">Run after so long in any case.</param>
public sealed record DebounceOptions(TimeSpan Quiet, TimeSpan Maximum)
{
    public static DebounceOptions Default { get; } = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(100));
}
