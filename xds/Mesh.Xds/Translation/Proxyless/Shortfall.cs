// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;

namespace Mesh.Xds.Translation.Proxyless;

/// <summary>One thing that the model asks for and that a gRPC client cannot do.</summary>
/// <param name="Resource">Who holds this resource is concerned.</param>
/// <param name="Origins">The user objects that it stems from.</param>
/// <param name="FailsClosed">Calls fail where the rest would not be what the user wrote; else they go on without it.</param>
/// <param name="What">What it is, to be read after "cannot do".</param>
public sealed record Shortfall(ResourceKey Resource, Origins Origins, bool FailsClosed, string What);
