// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.IO.Pipelines;
using Grpc.Core;

namespace Mesh.Xds.Edge;

/// <summary>Waits for a new stream's first request without taking it.</summary>
internal static class FirstRequest
{
    // What a client's window holds in any case. A longer request begins to be read when this much of it has come.
    private const int Enough = 16 << 10;

    /// <summary>Returns when the request has come, or enough of it to be worth a place among the streams that start.</summary>
    /// <exception cref="RpcException">It did not come in time.</exception>
    public static async Task ArrivedAsync(PipeReader body, (TimeSpan Limit, TimeProvider Time) patience, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(patience.Limit, patience.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            while (true)
            {
                var result = await body.ReadAsync(either.Token);
                var buffer = result.Buffer;
                var hasCome = result.IsCompleted || (GrpcFrame.Length(buffer) is { } length && buffer.Length >= Math.Min(length, Enough));
                body.AdvanceTo(buffer.Start, hasCome ? buffer.Start : buffer.End);
                if (hasCome)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new RpcException(new Status(
                StatusCode.DeadlineExceeded,
                string.Create(CultureInfo.InvariantCulture, $"No request came within {patience.Limit.TotalSeconds:0.###} s; a stream begins with one that holds the node.")));
        }
    }
}
