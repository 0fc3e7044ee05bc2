// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf.WellKnownTypes;
using Mesh.Xds;
using Mesh.Xds.Client;

namespace Mesh.Testing;

/// <summary>
/// A proxy under the test's control: a real delta ADS client that asks for what it is told to, records what comes, and answers as it is
/// told to (accepting everything unless told otherwise).
/// </summary>
public sealed class FakeEnvoy : IAsyncDisposable
{
    private readonly DeltaAdsClient client;
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly Queue<ReceivedResponse> unanswered = [];
    private readonly Task running;
    private TaskCompletionSource changed = NewSignal();

    public FakeEnvoy(Uri address, string node, string capture = "loopback")
    {
        client = new DeltaAdsClient(new XdsClientOptions
        {
            Address = address,
            Node = new Node
            {
                Id = "node/" + node,
                UserAgentVersion = "fake",
                Metadata = new Struct { Fields = { ["capture"] = Value.ForString(capture) } },
            },
            FirstPause = TimeSpan.FromMilliseconds(20),
            LongestPause = TimeSpan.FromMilliseconds(200),
        })
        {
            Connected = () => Change(() => Connections++),
        };
        running = client.RunAsync(ReceiveAsync, stop.Token);
    }

    /// <summary>Words to refuse a response with, and the names that they are about; null to accept it.</summary>
    public Func<DeltaDiscoveryResponse, FakeRefusal?> Refuse { get; set; } = static _ => null;

    /// <summary>Keeps answers back until <see cref="AnswerAllAsync"/>.</summary>
    public bool HoldAnswers { get; set; }

    public int Connections { get; private set; }

    /// <summary>Every response of every stream, in order.</summary>
    public ImmutableList<DeltaDiscoveryResponse> Received { get; private set; } = [];

    /// <summary>What it has accepted and was not told to remove: version by resource.</summary>
    public ImmutableSortedDictionary<string, string> Held { get; private set; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public Task SubscribeAllAsync(ResourceType type) => client.SubscribeAllAsync(type.TypeUrl());

    public Task SubscribeAsync(ResourceType type, params string[] names) => client.SubscribeAsync(type.TypeUrl(), names);

    public Task UnsubscribeAsync(ResourceType type, params string[] names) => client.UnsubscribeAsync(type.TypeUrl(), names);

    /// <summary>Breaks the connection; it comes back by itself, with the versions that it holds.</summary>
    public void Drop() => client.Drop();

    /// <summary>Answers what was held back, oldest first.</summary>
    public async Task AnswerAllAsync()
    {
        lock (gate)
        {
            HoldAnswers = false;
        }

        while (TryDequeue() is { } response)
        {
            await AnswerAsync(response);
        }
    }

    /// <summary>Waits until the condition holds, looking whenever something was received.</summary>
    public async Task WaitForAsync(
        Func<FakeEnvoy, bool> condition, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        while (true)
        {
            var next = Next();
            if (condition(this))
            {
                return;
            }

            await next.WithTimeout(file: file, line: line);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }

    private async Task ReceiveAsync(ReceivedResponse response)
    {
        var isHeld = false;
        Change(() =>
        {
            isHeld = HoldAnswers;
            if (isHeld)
            {
                unanswered.Enqueue(response);
            }

            Received = Received.Add(response.Message);
        });
        if (!isHeld)
        {
            await AnswerAsync(response);
        }
    }

    private async Task AnswerAsync(ReceivedResponse response)
    {
        var refusal = Refuse(response.Message);
        Hold(response.Message, refusal);
        await (refusal is null ? response.AckAsync() : response.NackAsync(refusal.Message, refusal.Names));
    }

    private void Hold(DeltaDiscoveryResponse response, FakeRefusal? refusal)
    {
        var type = ResourceTypes.FromTypeUrl(response.TypeUrl) ?? throw new InvalidOperationException($"{response.TypeUrl} was not asked for.");
        Change(() =>
        {
            var held = Held.ToBuilder();
            foreach (var resource in response.Resources.Where(resource => refusal?.Names.Contains(resource.Name) != true))
            {
                held[new ResourceKey(type, resource.Name).ToString()] = resource.Version;
            }

            held.RemoveRange(response.RemovedResources.Select(name => new ResourceKey(type, name).ToString()));
            Held = held.ToImmutable();
        });
    }

    private ReceivedResponse? TryDequeue()
    {
        lock (gate)
        {
            return unanswered.TryDequeue(out var response) ? response : null;
        }
    }

    private Task Next()
    {
        lock (gate)
        {
            return changed.Task;
        }
    }

    private void Change(Action change)
    {
        lock (gate)
        {
            change();
            var done = changed;
            changed = NewSignal();
            done.SetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <param name="Message">Words of refusal.</param>
/// <param name="Names">Resources that were not applied because of it.</param>
public sealed record FakeRefusal(string Message, params string[] Names);
