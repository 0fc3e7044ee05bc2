// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Kinds;

namespace Mesh.Operator.Kubernetes;

/// <summary>Lets the writer of statuses see what watches tell of them.</summary>
internal sealed class StatusSight(StatusQueue queue, StatusWriteOptions options)
{
    /// <summary>Beside what else is made of the kind; nothing is added for a kind without a status of ours.</summary>
    public IReflectorSink Beside(IReflectorSink sink, KindEntry entry) =>
        StatusKind.Of(entry.Kind) is { } kind ? new ReflectorStatusSink(kind, sink, queue, options) : sink;

    /// <summary>Of a kind that nothing else is made of.</summary>
    public IReflectorSink Of(StatusKind kind) => new ReflectorStatusSink(kind, inner: null, queue, options);
}
