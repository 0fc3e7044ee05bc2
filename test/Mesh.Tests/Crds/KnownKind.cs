// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Kinds;

namespace Mesh.Tests.Crds;

internal static class KnownKind
{
    public static KindEntry Named(string? kind) =>
        KindCatalog.FindByKind(kind) ?? throw new ArgumentException($"the catalog has no kind {kind}", nameof(kind));
}
