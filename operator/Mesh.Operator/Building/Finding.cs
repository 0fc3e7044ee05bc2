// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;

namespace Mesh.Operator.Building;

/// <summary>Which condition a finding belongs to.</summary>
public enum FindingCondition
{
    Accepted,
    ResolvedRefs,
}

/// <summary>One thing that is wrong with a user's object. All findings of an object together make its conditions.</summary>
/// <param name="Object">The object, at the generation that was judged.</param>
/// <param name="Parent">For a route: the parentRef's index that this concerns; null when it concerns the object as a whole.</param>
/// <param name="Condition">The condition that it makes false, unless <paramref name="IsPartial"/>.</param>
/// <param name="Reason">CamelCase constant of <see cref="Reasons"/>.</param>
/// <param name="Path">Field path, <c>spec.rules[0].backendRefs[1].name</c> say.</param>
/// <param name="Message">What is wrong and what would be right.</param>
/// <param name="IsPartial">The rest of the object is in force all the same: the condition stays true and its message tells this.</param>
public sealed record Finding(
    ResourceRef Object, int? Parent, FindingCondition Condition, string Reason, string Path, string Message, bool IsPartial = false);
