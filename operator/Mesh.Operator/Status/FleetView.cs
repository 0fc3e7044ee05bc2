// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Sources;
using Mesh.Xds.Acks;

namespace Mesh.Operator.Status;

/// <summary>What is known of proxies beyond those that are connected to this replica; immutable.</summary>
public sealed record FleetView
{
    /// <summary>There is no other replica, or it does not matter here what others know.</summary>
    public static FleetView Alone { get; } = new();

    /// <summary>What the other replicas tell of theirs.</summary>
    public ImmutableArray<ReplicaFigures> Others { get; init; } = [];

    /// <summary>Nodes whose proxy is connected here and came to another replica later: there it counts.</summary>
    public ImmutableHashSet<NodeName> Elsewhere { get; init; } = [];

    /// <summary>Nodes whose proxy was connected a moment ago and may be on its way to another replica, sorted: what they have is not known.</summary>
    public ImmutableArray<NodeName> Underway { get; init; } = [];

    /// <summary>Replicas that have proxies and cannot tell of them.</summary>
    public ImmutableArray<SilentReplica> Silent { get; init; } = [];

    /// <summary>Whether this replica's own figures are asked for, to be told to the leader.</summary>
    public bool WantsFigures { get; init; }

    /// <summary>Proxies that are connected elsewhere, and those that must be taken to be.</summary>
    /// <param name="key">The object that they are counted for.</param>
    internal int Count(ObjectKey key) => Others.Sum(replica => replica.Counted(key)) + Underway.Length + Silent.Sum(static replica => replica.Proxies);

    /// <summary>Whether a proxy that is connected here is counted here. Applications without a proxy share names at will: each counts where it is.</summary>
    internal bool IsHere(ProxyState proxy) => proxy.IsProxyless || !Elsewhere.Contains(proxy.Node);
}

/// <param name="Replica">Its name.</param>
/// <param name="Proxies">How many proxies it says to have.</param>
public sealed record SilentReplica(string Replica, int Proxies);

/// <summary>A proxy of a replica, by which the stages of its <see cref="ObjectFigures"/> are in order.</summary>
public sealed record RosterEntry(NodeName Node, bool IsProxyless, bool IsLoopback)
{
    /// <summary>The namespace that an application has proved to be of; null where it proved none, and for proxies of nodes.</summary>
    public string? Namespace { get; init; }
}

/// <summary>What one replica knows of the proxies that are connected to it; immutable.</summary>
public sealed record ReplicaFigures
{
    public required string Replica { get; init; }

    public required ImmutableArray<RosterEntry> Roster { get; init; }

    /// <summary>By policy or route.</summary>
    public required ImmutableDictionary<ObjectKey, ObjectFigures> Objects { get; init; }

    /// <summary>Statuses of its nodes.</summary>
    public required ImmutableDictionary<ObjectKey, ObjectStatus> Nodes { get; init; }

    /// <summary>Nodes of the roster that came to another replica later: there they count.</summary>
    public ImmutableHashSet<NodeName> Elsewhere { get; init; } = [];

    internal int Counted(ObjectKey key) => Roster.Count(entry => IsHere(entry) && Hearing.IsHeard(entry.Namespace, key));

    internal bool IsHere(RosterEntry entry) => entry.IsProxyless || !Elsewhere.Contains(entry.Node);
}

/// <summary>How far one object has come on the proxies of one replica.</summary>
/// <param name="Generation">The object's generation that this is about.</param>
/// <param name="Resources">Sum over the names of all resources that stem from it: who knows of others has another state of the mesh before them.</param>
/// <param name="Stages">A letter for each proxy of the roster, see <see cref="StageLetters"/>.</param>
/// <param name="Words">What is to be said of some proxies.</param>
public sealed record ObjectFigures(long Generation, ulong Resources, string Stages, EquatableArray<StageWords> Words);

/// <summary>What is to be said of one proxy and object.</summary>
/// <param name="Position">Of the proxy in the roster.</param>
/// <param name="Resource">The refused resource; empty where there is none.</param>
/// <param name="Message">The proxy's own words, or the rule that the resource breaks.</param>
/// <param name="HasEarlier">The proxy goes on with an earlier version of it.</param>
/// <param name="IsWithheld">It was not sent, since the proxy would refuse it.</param>
/// <param name="Without">What the proxy does without though it is in force there.</param>
public sealed record StageWords(int Position, string Resource, string Message, bool HasEarlier, bool IsWithheld, string Without);
