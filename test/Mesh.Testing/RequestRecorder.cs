// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Mesh.Operator.Pipeline;

namespace Mesh.Testing;

/// <summary>Keeps every delta request that a server under test reads, in order.</summary>
public sealed class RequestRecorder : Interceptor
{
    private readonly Lock gate = new();
    private readonly Newest<ImmutableList<DeltaDiscoveryRequest>> requests = new([]);

    public ImmutableList<DeltaDiscoveryRequest> Requests => requests.Value;

    /// <summary>Waits until some request is as wanted; it may have come already.</summary>
    public Task WaitForAsync(Predicate<DeltaDiscoveryRequest> wanted, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        requests.WaitForAsync(all => all.Exists(wanted), CancellationToken.None).WithTimeout(file: file, line: line);

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        return continuation(new Reader<TRequest>(requestStream, Add), responseStream, context);
    }

    // Streams are read at the same time, and the newest has one writer.
    private void Add(DeltaDiscoveryRequest request)
    {
        lock (gate)
        {
            requests.Publish(requests.Value.Add(request));
        }
    }

    private sealed class Reader<T>(IAsyncStreamReader<T> inner, Action<DeltaDiscoveryRequest> add) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            var more = await inner.MoveNext(cancellationToken);
            if (more && inner.Current is DeltaDiscoveryRequest request)
            {
                add(request);
            }

            return more;
        }
    }
}
