// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Service.Discovery.V3;
using Envoy.Service.Runtime.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mesh.Model;
using Mesh.Xds;
using Mesh.Xds.Acks;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Streams;
using Mesh.Xds.Translation;
using Microsoft.Extensions.Time.Testing;
using Event = Mesh.Xds.Streams.SessionEvent<Envoy.Service.Discovery.V3.DeltaDiscoveryRequest>;

namespace Mesh.Tests.Streams;

/// <summary>
/// Drives a session: events in, messages out. A response is written as <c>Cluster +a=1 +b=2 -c #3</c>: resources with their content,
/// names removed, and its number; of a heartbeat's resources only the name, <c>Cluster ~a #4</c>, and of one without body <c>?a</c>.
/// </summary>
internal sealed class Script
{
    private readonly SessionLimits limits;
    private DeltaSession session;
    private readonly Dictionary<string, long> nonces = new(StringComparer.Ordinal);
    private readonly ScriptSnapshots snapshots = new();
    private readonly ScriptAlarm alarm = new();

    public Script(SessionLimits? limits = null)
    {
        this.limits = limits ?? SessionLimits.Default;
        session = NewSession();
    }

    public ProxyState State { get; private set; } = null!; // Set by the first event.

    public List<EncodedResponse> Sent { get; } = [];

    public Grpc.Core.Status? Abort { get; private set; }

    /// <summary>Time left until the session wants to be woken.</summary>
    public TimeSpan? RetryAfter => alarm.Left;

    public FakeTimeProvider Time => alarm.Time;

    /// <summary>What is wrong with the names of the newest request.</summary>
    public IReadOnlyList<NameProblem> Problems { get; private set; } = [];

    /// <summary>Content of a resource that exists now, as written in a script.</summary>
    public static EncodedResource Resource(ResourceType type, string name, string content, ScriptDetails? details = null)
    {
        var (onDemand, origins, references) = details ?? new ScriptDetails();
        return ResourceEncoder.Encode(new XdsResource
        {
            Key = new ResourceKey(type, name),
            Message = Message(type, name, content),
            Origins = origins,
            OnDemand = onDemand,
            Aliases = details?.Aliases ?? [],
            References = [.. references],
            Ttl = details?.Ttl,
        });
    }

    public static ScriptDetails Assignment(string name) => new(References: [new ResourceKey(ResourceType.Endpoint, name)]);

    public string Publish(params EncodedResource[] upserts) => Publish([], upserts);

    public string Publish(ResourceKey[] removals, params EncodedResource[] upserts) =>
        Handle(new Event.Published(snapshots.Next(removals, upserts)));

    /// <summary>Another stream of the same proxy; what was published counts, what was asked for does not.</summary>
    public string Reconnect()
    {
        session = NewSession();
        return Publish();
    }

    public string Subscribe(ResourceType type, params string[] names) => Request(type, subscribe: names);

    public string Unsubscribe(ResourceType type, params string[] names) => Request(type, unsubscribe: names);

    public string Resume(ResourceType type, string[] names, params EncodedResource[] held) =>
        ResumeVersions(type, names, [.. held.Select(static resource => (resource.Key.Name, resource.Version))]);

    public string ResumeVersions(ResourceType type, string[] names, params (string Name, string Version)[] held)
    {
        var request = NewRequest(type, names, []);
        foreach (var (name, version) in held)
        {
            request.InitialResourceVersions.Add(name, version);
        }

        return Handle(new Event.Request(request));
    }

    public string Locate(ResourceType type, ResourceLocator[] subscribe, ResourceLocator[] unsubscribe) => Handle(new Event.Request(new DeltaDiscoveryRequest
    {
        TypeUrl = type.TypeUrl(),
        ResourceLocatorsSubscribe = { subscribe },
        ResourceLocatorsUnsubscribe = { unsubscribe },
    }));

    /// <summary>Lets the time pass that the session asked for.</summary>
    public string Retry() => Elapse(RetryAfter ?? TimeSpan.Zero);

    /// <summary>Lets time pass; the session is woken whenever it asked for that.</summary>
    public string Elapse(TimeSpan time) => alarm.Elapse(time, () => Handle(new Event.Retry()));

    public string Ack(long number) => Answer(number, null);

    public string Nack(long number, string message) => Answer(number, message);

    public string Request(ResourceType type, string[]? subscribe = null, string[]? unsubscribe = null, string nonce = "")
    {
        var request = NewRequest(type, subscribe ?? [], unsubscribe ?? []);
        request.ResponseNonce = nonce;
        return Handle(new Event.Request(request));
    }

    public string Handle(Event what)
    {
        var output = session.Handle(what);
        State = output.State ?? State;
        Abort = output.Abort;
        alarm.Set(output.RetryAfter);
        Problems = output.Problems;
        foreach (var response in output.Responses)
        {
            Sent.Add(response);
            nonces[response.Nonce] = Sent.Count;
        }

        return string.Join(" | ", output.Responses.Select(Show));
    }

    private DeltaSession NewSession() =>
        new(new ProxyIdentity(new MeshNode(new NodeName("n"), CaptureMode.Loopback), "1.40.0"), 7, limits, Time);

    private string Answer(long number, string? message)
    {
        var sent = Sent[(int)number - 1];
        var request = new DeltaDiscoveryRequest { TypeUrl = sent.TypeUrl, ResponseNonce = sent.Nonce };
        if (message is not null)
        {
            request.ErrorDetail = new Google.Rpc.Status { Code = 13, Message = message };
        }

        return Handle(new Event.Request(request));
    }

    private string Show(EncodedResponse response)
    {
        var type = ResourceTypes.FromTypeUrl(response.TypeUrl)?.ToString() ?? response.TypeUrl;
        IEnumerable<string> parts = [
            type,
            .. response.Resources.Select(resource => response.Form == ResponseForm.Heartbeat ? "~" + resource.Key.Name : $"+{resource.Key.Name}={Content(resource.Message)}"),
            .. response.Removed.Select(static name => "-" + name),
            .. response.Unresolved.Select(static name => "?" + name),
            "#" + nonces[response.Nonce]];
        return string.Join(' ', parts);
    }

    private static DeltaDiscoveryRequest NewRequest(ResourceType type, string[] subscribe, string[] unsubscribe) => new()
    {
        TypeUrl = type.TypeUrl(),
        ResourceNamesSubscribe = { subscribe },
        ResourceNamesUnsubscribe = { unsubscribe },
    };

    private static IMessage Message(ResourceType type, string name, string content) => type switch
    {
        ResourceType.Runtime => new Runtime { Name = name, Layer = new Struct { Fields = { ["content"] = Value.ForString(content) } } },
        ResourceType.Secret => new Secret { Name = name, GenericSecret = new GenericSecret { Secret = new DataSource { InlineString = content } } },
        ResourceType.Cluster => new Cluster { Name = name, AltStatName = content },
        ResourceType.Endpoint => new ClusterLoadAssignment { ClusterName = name, Endpoints = { new LocalityLbEndpoints { Locality = new Locality { Zone = content } } } },
        ResourceType.Extension => new TypedExtensionConfig { Name = name, TypedConfig = new() { TypeUrl = content } },
        ResourceType.Route => new RouteConfiguration { Name = name, InternalOnlyHeaders = { content } },
        ResourceType.ScopedRoute => new ScopedRouteConfiguration { Name = name, RouteConfigurationName = content },
        ResourceType.Listener => new Listener { Name = name, StatPrefix = content },
        ResourceType.VirtualHost => new VirtualHost { Name = name, Domains = { content } },
    };

    public static string Content(IMessage message) => message switch
    {
        Runtime runtime => runtime.Layer.Fields["content"].StringValue,
        Secret secret => secret.GenericSecret.Secret.InlineString,
        Cluster cluster => cluster.AltStatName,
        ClusterLoadAssignment assignment => assignment.Endpoints[0].Locality.Zone,
        TypedExtensionConfig extension => extension.TypedConfig.TypeUrl,
        RouteConfiguration routes => routes.InternalOnlyHeaders[0],
        ScopedRouteConfiguration scope => scope.RouteConfigurationName,
        Listener listener => listener.StatPrefix,
        VirtualHost host => host.Domains[0],
        _ => throw new ArgumentException($"{message.Descriptor.Name} is no resource.", nameof(message)),
    };
}

internal sealed record ScriptDetails(bool OnDemand = false, Origins Origins = default, params ResourceKey[] References)
{
    public TimeSpan? Ttl { get; init; }

    public EquatableArray<string> Aliases { get; init; } = [];
}
