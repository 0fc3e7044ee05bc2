// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Mesh.Xds;
using Mesh.Xds.Snapshots;

namespace Mesh.EndToEnd.Tests.Translation;

/// <summary>
/// As much of a delta ADS server as one Envoy needs, written apart from the product's own, so that translation is proved by itself. It
/// records what is asked for and what is refused.
/// </summary>
internal sealed class RecordingAds(NodeSnapshot first) : AggregatedDiscoveryService.AggregatedDiscoveryServiceBase
{
    private readonly Lock gate = new();
    private readonly Dictionary<ResourceType, HashSet<string>> subscribed = [];
    private readonly HashSet<ResourceType> wildcards = [];
    private readonly Dictionary<ResourceKey, string> sent = [];
    private readonly HashSet<string> unanswered = [];
    private readonly List<TaskCompletionSource> waiters = [];
    private NodeSnapshot snapshot = first;
    private Action<DeltaDiscoveryResponse> write = _ => throw new InvalidOperationException("No stream is open.");
    private int nonce;

    /// <summary>Names that were asked for explicitly, in order.</summary>
    public ImmutableList<ResourceKey> Asked { get; private set; } = [];

    public ImmutableList<string> Refusals { get; private set; } = [];

    public override async Task DeltaAggregatedResources(
        IAsyncStreamReader<DeltaDiscoveryRequest> requestStream,
        IServerStreamWriter<DeltaDiscoveryResponse> responseStream,
        ServerCallContext context)
    {
        var pending = System.Threading.Channels.Channel.CreateUnbounded<DeltaDiscoveryResponse>();
        lock (gate)
        {
            write = response => pending.Writer.TryWrite(response);
        }

        var reading = ReadAsync(requestStream, pending.Writer, context.CancellationToken);
        await foreach (var response in pending.Reader.ReadAllAsync(CancellationToken.None))
        {
            await responseStream.WriteAsync(response, context.CancellationToken);
        }

        await reading;
    }

    /// <summary>Sends what differs; ends when Envoy has answered all of it.</summary>
    public Task PublishAsync(NodeSnapshot next)
    {
        lock (gate)
        {
            snapshot = next;
            foreach (var type in ResourceTypes.PushOrder.Where(subscribed.ContainsKey))
            {
                Send(type, snapshot[type].Resources.Keys.Concat(sent.Keys.Where(k => k.Type == type).Select(k => k.Name)).Distinct(StringComparer.Ordinal));
            }

            return SettledAsync();
        }
    }

    public Task SettledAsync()
    {
        lock (gate)
        {
            if (unanswered.Count == 0)
            {
                return Task.CompletedTask;
            }

            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiters.Add(waiter);
            return waiter.Task;
        }
    }

    private async Task ReadAsync(
        IAsyncStreamReader<DeltaDiscoveryRequest> requests,
        System.Threading.Channels.ChannelWriter<DeltaDiscoveryResponse> pending,
        CancellationToken cancellation)
    {
        try
        {
            while (await requests.MoveNext(cancellation))
            {
                lock (gate)
                {
                    Handle(requests.Current);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Envoy went away, as it does at the end of every test.
        }
        finally
        {
            pending.Complete();
        }
    }

    private void Handle(DeltaDiscoveryRequest request)
    {
        if (ResourceTypes.FromTypeUrl(request.TypeUrl) is not { } type)
        {
            throw new InvalidOperationException($"Envoy asked for {request.TypeUrl}.");
        }

        if (request.ErrorDetail is { } error)
        {
            Refusals = Refusals.Add(error.Message);
        }

        Answered(request.ResponseNonce);
        var isFirst = subscribed.TryAdd(type, []);
        var names = request.ResourceNamesSubscribe.Where(n => n != "*").ToList();
        Asked = Asked.AddRange(names.Select(n => new ResourceKey(type, n)));
        subscribed[type].UnionWith(names);
        subscribed[type].ExceptWith(request.ResourceNamesUnsubscribe);
        if ((isFirst && names.Count == 0) || request.ResourceNamesSubscribe.Contains("*"))
        {
            wildcards.Add(type);
            Send(type, snapshot[type].Resources.Keys, answerAlways: true);
        }

        if (names.Count > 0)
        {
            Send(type, names, answerAlways: true);
        }
    }

    private void Answered(string answered)
    {
        if (unanswered.Remove(answered) && unanswered.Count == 0)
        {
            waiters.ForEach(w => w.TrySetResult());
            waiters.Clear();
        }
    }

    private void Send(ResourceType type, IEnumerable<string> candidates, bool answerAlways = false)
    {
        var response = new DeltaDiscoveryResponse { TypeUrl = type.TypeUrl() };
        foreach (var name in candidates.Order(StringComparer.Ordinal).ToList())
        {
            Add(response, new ResourceKey(type, name), answerAlways);
        }

        if (response.Resources.Count > 0 || response.RemovedResources.Count > 0 || answerAlways)
        {
            nonce++;
            response.Nonce = nonce.ToString(System.Globalization.CultureInfo.InvariantCulture);
            unanswered.Add(response.Nonce);
            write(response);
        }
    }

    private void Add(DeltaDiscoveryResponse response, ResourceKey key, bool answerAlways)
    {
        var resource = snapshot.Find(key);
        var isAsked = subscribed[key.Type].Contains(key.Name);
        if (resource is null)
        {
            if (sent.Remove(key) || (answerAlways && isAsked))
            {
                response.RemovedResources.Add(key.Name);
            }
        }
        else if ((isAsked || (wildcards.Contains(key.Type) && !resource.OnDemand)) && (sent.GetValueOrDefault(key) != resource.Version || answerAlways))
        {
            sent[key] = resource.Version;
            response.Resources.Add(Resource.Parser.ParseFrom(resource.Wire.Span));
        }
    }
}
