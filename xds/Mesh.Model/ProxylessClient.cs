// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Model;

/// <summary>An application that is its own proxy: gRPC's xDS client.</summary>
/// <param name="Namespace">Where it runs, which decides whose consumer routes it gets; empty where it does not say.</param>
public sealed record ProxylessClient(string Namespace);
