// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Grpc.Net.Client;

namespace Mesh.Xds.Client;

/// <summary>
/// A delta ADS client. It keeps subscriptions and held versions over reconnects; what a response means, and whether to accept it, is the
/// receiver's business.
/// </summary>
public sealed class DeltaAdsClient(XdsClientOptions options)
{
    // Full when the server does not read: then the receiver waits, and with it the reading of responses.
    private const int RequestCapacity = 1024;

    private readonly Lock gate = new();
    private readonly List<TypeState> types = [];
    private Connection? current;

    /// <summary>Called on every new stream, before anything is received on it.</summary>
    public Action? Connected { get; init; }

    /// <summary>Called when a stream has ended, with what ended it.</summary>
    public Action<Exception?>? Disconnected { get; init; }

    public Task SubscribeAllAsync(string typeUrl) => ChangeAsync(typeUrl, static (type, isFirst) => type.SubscribeAll(isFirst));

    public Task SubscribeAsync(string typeUrl, IEnumerable<string> names) => ChangeAsync(typeUrl, (type, _) => type.Subscribe(names));

    public Task UnsubscribeAsync(string typeUrl, IEnumerable<string> names) => ChangeAsync(typeUrl, (type, _) => type.Unsubscribe(names));

    /// <summary>Connects, and connects again, until cancelled; hands over each response in the order of arrival.</summary>
    public async Task RunAsync(Func<ReceivedResponse, Task> receive, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(receive);
        var backOff = new BackOff(options.FirstPause, options.LongestPause, Random.Shared.NextDouble);
        while (!ct.IsCancellationRequested)
        {
            Exception? end = null;
            try
            {
                await StreamAsync(receive, backOff, ct);
            }
            catch (Exception e) when (e is RpcException or IOException or HttpRequestException or OperationCanceledException)
            {
                end = e;
            }

            Disconnected?.Invoke(end);
            if (!ct.IsCancellationRequested)
            {
                await Task.Delay(backOff.Next(), options.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Breaks the stream, as a lost connection would; it is made again after the pause.</summary>
    public void Drop()
    {
        lock (gate)
        {
            current?.Stop.Cancel();
        }
    }

    private async Task StreamAsync(Func<ReceivedResponse, Task> receive, BackOff backOff, CancellationToken ct)
    {
        using var channel = GrpcTransport.Open(options.Address);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var client = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel);
        using var call = client.DeltaAggregatedResources(cancellationToken: stop.Token);
        var connection = new Connection(Channel.CreateBounded<DeltaDiscoveryRequest>(RequestCapacity), stop);
        var writer = WriteAsync(connection, call.RequestStream, stop.Token);
        try
        {
            Resume(connection);
            Connected?.Invoke();
            while (await call.ResponseStream.MoveNext(stop.Token))
            {
                backOff.Reset();
                await receive(new ReceivedResponse(
                    call.ResponseStream.Current, (response, error, refused) => AnswerAsync(connection, response, error, refused)));
            }
        }
        finally
        {
            lock (gate)
            {
                current = null;
            }

            connection.Requests.Writer.TryComplete();
            await stop.CancelAsync();
            await writer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task WriteAsync(Connection connection, IClientStreamWriter<DeltaDiscoveryRequest> stream, CancellationToken ct)
    {
        await foreach (var request in connection.Requests.Reader.ReadAllAsync(ct))
        {
            await stream.WriteAsync(request, ct);
        }
    }

    private void Resume(Connection connection)
    {
        List<DeltaDiscoveryRequest> first;
        lock (gate)
        {
            first = [.. types.Select(static type => type.Resume())];

            // Types are few: they fit the channel, and nothing can come before them.
            first.ForEach(request => connection.Requests.Writer.TryWrite(WithNode(request)));
            current = connection;
        }
    }

    private Task ChangeAsync(string typeUrl, Func<TypeState, bool, DeltaDiscoveryRequest?> change)
    {
        DeltaDiscoveryRequest? request;
        Connection? connection;
        lock (gate)
        {
            var type = types.Find(type => type.TypeUrl == typeUrl);
            var isFirst = type is null;
            if (type is null)
            {
                types.Add(type = new TypeState(typeUrl));
            }

            request = change(type, isFirst);
            connection = current;
        }

        return request is null || connection is null ? Task.CompletedTask : SendAsync(connection, request);
    }

    private Task AnswerAsync(Connection connection, ReceivedResponse response, Google.Rpc.Status? error, IReadOnlySet<string> refused)
    {
        lock (gate)
        {
            types.Find(type => type.TypeUrl == response.TypeUrl)?.Hold(response.Message, refused);
        }

        var request = new DeltaDiscoveryRequest { TypeUrl = response.TypeUrl, ResponseNonce = response.Message.Nonce, ErrorDetail = error };
        return SendAsync(connection, request);
    }

    // A stream that has ended takes no more: what was to be said is said on the next one by its first requests.
    private async Task SendAsync(Connection connection, DeltaDiscoveryRequest request)
    {
        while (await connection.Requests.Writer.WaitToWriteAsync())
        {
            if (connection.Requests.Writer.TryWrite(WithNode(request)))
            {
                return;
            }
        }
    }

    private DeltaDiscoveryRequest WithNode(DeltaDiscoveryRequest request)
    {
        request.Node = options.Node;
        return request;
    }

    private sealed record Connection(Channel<DeltaDiscoveryRequest> Requests, CancellationTokenSource Stop);
}
