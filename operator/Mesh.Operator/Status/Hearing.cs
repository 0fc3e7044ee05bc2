// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Sources;

namespace Mesh.Operator.Status;

/// <summary>
/// Whose word counts for an object. The proxy of a node serves all of its pods, and only the mesh's own agent may be one. An application speaks for itself, and every pod may
/// be one: it is heard about objects of its own namespace, lest any pod say of anybody's that it is refused, or for ever on its way. Where nobody has to prove
/// anything everybody is believed.
/// </summary>
internal static class Hearing
{
    /// <param name="proved">The namespace that an application has proved to be of; null where it proved none, and for proxies of nodes.</param>
    /// <param name="key">The object that is judged.</param>
    public static bool IsHeard(string? proved, ObjectKey key) => proved is null || proved == key.Namespace;
}
