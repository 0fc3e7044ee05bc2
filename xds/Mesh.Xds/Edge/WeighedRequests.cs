// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Grpc.Core;

namespace Mesh.Xds.Edge;

/// <summary>The requests of one stream, as long as all streams of its connection together are subscribed to no more than a client may be.</summary>
/// <param name="requests">As they come.</param>
/// <param name="weigh">What the stream holds after a request.</param>
/// <param name="account">Where that is charged.</param>
internal sealed class WeighedRequests<TRequest>(
    IAsyncStreamReader<TRequest> requests, Func<TRequest, long> weigh, ClientAccount account) : IAsyncStreamReader<TRequest>, IDisposable
{
    private long charged;

    public TRequest Current => requests.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (!await requests.MoveNext(cancellationToken))
        {
            return false;
        }

        var weight = weigh(requests.Current);
        if (weight != charged)
        {
            var total = account.Totals.Add(account.Client, weight - charged);
            charged = weight;
            if (total > account.Limit)
            {
                throw new RpcException(new Status(StatusCode.ResourceExhausted, string.Create(
                    CultureInfo.InvariantCulture,
                    $"The names that the streams of this connection are subscribed to take some {total >> 20} MiB; at most {account.Limit >> 20} MiB are kept.")));
            }
        }

        return true;
    }

    public void Dispose() => account.Totals.Add(account.Client, -charged);
}

/// <param name="Totals">Of all clients.</param>
/// <param name="Client">Whom to charge.</param>
/// <param name="Limit">Bytes that one client may have.</param>
internal sealed record ClientAccount(ClientTotals Totals, string Client, long Limit);
