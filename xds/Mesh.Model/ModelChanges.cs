// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Model;

/// <summary>
/// What may differ between a model and the one at revision <paramref name="Since"/>, so that the next stage need not compare everything.
/// A hint only: whoever has another predecessor compares by reference instead.
/// </summary>
/// <param name="Since">Revision of the predecessor.</param>
/// <param name="Services">Services that were added, changed or removed.</param>
/// <param name="Endpoints">Ports whose endpoints were added, changed or removed.</param>
public sealed record ModelChanges(Revision Since, EquatableArray<ServiceName> Services, EquatableArray<ServicePortName> Endpoints);
