// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Edge;

/// <summary>What stands between the sockets and the sessions: who comes in, how much they hold, and how they are sent away.</summary>
internal sealed class StreamEdge(EdgeLimits limits, TimeProvider time)
{
    public EdgeLimits Limits => limits;

    public TimeProvider Time => time;

    public AdmissionGate Admission { get; } = new(limits, time);

    public RequestBudget Requests { get; } = new(limits);

    public ClientTotals Names { get; } = new();
}
