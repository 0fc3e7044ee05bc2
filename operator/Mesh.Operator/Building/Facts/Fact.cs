// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Facts;

/// <summary>The steps from objects to the model, in order: each adds to what is known of objects and looks at the steps before it only.</summary>
internal enum Step
{
    /// <summary>The object itself.</summary>
    Object,

    /// <summary>A Service by itself; of a Namespace: which Services are in it.</summary>
    Catalog,

    /// <summary>Of a Namespace: whether it has clients.</summary>
    Clients,

    /// <summary>A Mesh, policy or route by itself.</summary>
    Reading,

    /// <summary>Which policies have won the object as their target.</summary>
    Policies,

    /// <summary>What of a policy or route is left after conflicts of policies.</summary>
    Claims,

    /// <summary>Which routes are attached to the Service.</summary>
    Routes,
}

/// <summary>What one step knows of one object. When it changes, so may all that was made of it.</summary>
internal readonly record struct Fact(Step Step, ObjectKey Object);
