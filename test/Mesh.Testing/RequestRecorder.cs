// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Mesh.Testing;

/// <summary>Keeps every delta request that a server under test reads, in order.</summary>
public sealed class RequestRecorder : Interceptor
{
    private readonly ConcurrentQueue<DeltaDiscoveryRequest> requests = new();

    public IReadOnlyCollection<DeltaDiscoveryRequest> Requests => requests;

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        return continuation(new Reader<TRequest>(requestStream, requests), responseStream, context);
    }

    private sealed class Reader<T>(IAsyncStreamReader<T> inner, ConcurrentQueue<DeltaDiscoveryRequest> requests) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            var more = await inner.MoveNext(cancellationToken);
            if (more && inner.Current is DeltaDiscoveryRequest request)
            {
                requests.Enqueue(request);
            }

            return more;
        }
    }
}
