// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Envoy.Service.Discovery.V3;
using Mesh.Model;
using Mesh.Xds;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Streams;
using Microsoft.Extensions.Time.Testing;
using Event = Mesh.Xds.Streams.SessionEvent<Envoy.Service.Discovery.V3.DiscoveryRequest>;

namespace Mesh.Tests.Streams;

/// <summary>Drives a state-of-the-world session, written as <see cref="Script"/> writes; resources of a response are shown by name.</summary>
internal sealed class SotwScript
{
    private readonly SotwSession session;

    // What the proxy is subscribed to, which it repeats with every answer.
    private readonly Dictionary<ResourceType, string[]> names = [];
    private readonly ScriptSnapshots snapshots = new();
    private readonly ScriptAlarm alarm = new();

    public SotwScript(SessionLimits? limits = null, ClientFeatures features = ClientFeatures.None)
    {
        var proxy = new ProxyIdentity(new MeshNode(new NodeName("n"), CaptureMode.Loopback), "1.40.0") { Features = features };
        session = new SotwSession(proxy, 7, limits ?? SessionLimits.Default, Time);
    }

    public FakeTimeProvider Time => alarm.Time;

    /// <summary>Time left until the session wants to be woken.</summary>
    public TimeSpan? RetryAfter => alarm.Left;

    /// <summary>How often the session told that it cannot send a TTL.</summary>
    public int TtlLosses { get; private set; }

    public ProxyState State { get; private set; } = null!; // Set by the first event.

    public List<EncodedResponse> Sent { get; } = [];

    public string Publish(params EncodedResource[] upserts) => Publish([], upserts);

    public string Publish(ResourceKey[] removals, params EncodedResource[] upserts) =>
        Handle(new Event.Published(snapshots.Next(removals, upserts)));

    /// <summary>Asks for these names and no others, with the nonce of the newest response.</summary>
    public string Subscribe(ResourceType type, params string[] wanted)
    {
        names[type] = wanted;
        return Request(type, Sent.FindLast(response => response.TypeUrl == type.TypeUrl())?.Nonce ?? "");
    }

    /// <summary>From the next request on asks for these endpoints.</summary>
    public void Naming(params string[] wanted) => names[ResourceType.Endpoint] = wanted;

    public string Resume(ResourceType type, string version, params string[] wanted)
    {
        names[type] = wanted;
        return Request(type, "", version: version);
    }

    /// <summary>Lets time pass; the session is woken whenever it asked for that.</summary>
    public string Elapse(TimeSpan time) => alarm.Elapse(time, () => Handle(new Event.Retry()));

    public string Ack(int number) => Answer(number, null);

    public string Nack(int number, string message) => Answer(number, message);

    private string Answer(int number, string? refusal)
    {
        var sent = Sent[number - 1];
        return Request(ResourceTypes.FromTypeUrl(sent.TypeUrl)!.Value, sent.Nonce, refusal);
    }

    private string Request(ResourceType type, string nonce, string? refusal = null, string version = "") => Handle(new Event.Request(new DiscoveryRequest
    {
        TypeUrl = type.TypeUrl(),
        ResourceNames = { names.GetValueOrDefault(type) ?? [] },
        ResponseNonce = nonce,
        VersionInfo = version,
        ErrorDetail = refusal is null ? null : new Google.Rpc.Status { Code = 13, Message = refusal },
    }));

    private string Handle(Event what)
    {
        var output = session.Handle(what);
        State = output.State ?? State;
        alarm.Set(output.RetryAfter);
        TtlLosses += output.LosesTtl ? 1 : 0;
        var shown = output.Responses.Select((response, at) => Show(response, Sent.Count + at + 1)).ToList();
        Sent.AddRange(output.Responses);
        return string.Join(" | ", shown);
    }

    private static string Show(EncodedResponse response, int number)
    {
        var resources = response.Resources.OrderBy(static resource => resource.Key.Name, StringComparer.Ordinal);
        return string.Join(' ', [
            ResourceTypes.FromTypeUrl(response.TypeUrl)?.ToString() ?? response.TypeUrl,
            .. resources.Select(static resource => $"{resource.Key.Name}={Script.Content(resource.Message)}"),
            $"#{number}"]);
    }
}
