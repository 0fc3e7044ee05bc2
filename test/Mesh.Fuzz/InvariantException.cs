// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Fuzz;

/// <summary>A session did what it never may.</summary>
internal sealed class InvariantException(string message) : Exception(message);
