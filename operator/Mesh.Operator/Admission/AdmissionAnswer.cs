// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Mesh.Operator.Admission;

/// <summary>One reason to refuse an object.</summary>
/// <param name="Path">The field; empty for the object as a whole.</param>
/// <param name="Message">What is wrong and what would be right.</param>
internal sealed record Refusal(string Path, string Message)
{
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}

/// <summary>The verdict on one write.</summary>
/// <param name="Refusals">Why the object must not be stored; none to take it.</param>
/// <param name="Warnings">What the user should know all the same.</param>
internal sealed record AdmissionAnswer(ImmutableArray<Refusal> Refusals, ImmutableArray<string> Warnings)
{
    public static AdmissionAnswer Silent { get; } = new([], []);
}
