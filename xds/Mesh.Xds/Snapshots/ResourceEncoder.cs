// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mesh.Xds.Translation;

namespace Mesh.Xds.Snapshots;

/// <summary>
/// A translated resource as bytes that are equal whenever its content is, with the hash of those bytes as its version. It puts the maps
/// of the message in order and keeps the message: the caller gives it away.
/// </summary>
public static class ResourceEncoder
{
    private const string TypeUrlPrefix = "type.googleapis.com/";

    public static EncodedResource Encode(XdsResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var names = ResourceNames.Of(resource);
        var body = ToBytes(resource.Message);
        var hash = Hash(body, resource.Ttl, names.Aliases);
        var version = hash.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
        var any = Wrap(resource.Message, body);
        var whole = Head(names, version, resource.Ttl);
        whole.Resource_ = any;
        var wire = whole.ToByteArray();
        return new EncodedResource
        {
            Key = resource.Key with { Name = names.Name },
            Version = version,
            Wire = wire,
            Hash = hash,
            Ttl = resource.Ttl is { } lasting ? WithTtl(lasting, Head(names, version, lasting), wire) : null,
            Bare = Find(wire, Resource.Resource_FieldNumber),
            Origins = resource.Origins,
            OnDemand = resource.OnDemand || names.IsInCollection,
            OtherNames = names.Others,
            References = ResourceNames.Normal(resource.References),
            Message = resource.Message,
        };
    }

    /// <summary>
    /// The message as <c>Any</c> with the same promise: equal content, equal bytes. Nested extensions must be packed by this and not by
    /// <see cref="Any.Pack(IMessage)"/>, for the maps inside an Any cannot be put in order from outside.
    /// </summary>
    public static Any Pack(IMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Wrap(message, ToBytes(message));
    }

    // Equal hashes mean equal bytes. Without TTL and aliases the hash of the body alone: most resources have none, and their versions are
    // not to change with this.
    private static UInt128 Hash(byte[] body, TimeSpan? ttl, ImmutableArray<string> aliases)
    {
        if (ttl is null && aliases.IsEmpty)
        {
            return XxHash128.HashToUInt128(body);
        }

        var hash = new XxHash128();
        hash.Append(body);
        if (ttl is { } time)
        {
            Span<byte> ticks = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(ticks, time.Ticks);
            hash.Append(ticks);
        }

        foreach (var alias in aliases)
        {
            hash.Append([0]);
            hash.Append(Encoding.UTF8.GetBytes(alias));
        }

        return hash.GetCurrentHashAsUInt128();
    }

    // What a heartbeat consists of. It has the aliases as well: by them a proxy finds a virtual host that it asked for on demand.
    private static Resource Head(ResourceNames names, string version, TimeSpan? ttl) => new()
    {
        Name = names.Name,
        Aliases = { names.Aliases },
        Version = version,
        Ttl = ttl is { } time ? Duration.FromTimeSpan(time) : null,
    };

    private static ResourceTtl WithTtl(TimeSpan time, Resource heartbeat, byte[] wire) => new()
    {
        Time = time,
        Heartbeat = heartbeat.ToByteArray(),
        Wrapped = Wrap(heartbeat, wire).ToByteArray(),
    };

    private static byte[] ToBytes(IMessage message)
    {
        MapOrder.Sort(message);
        return message.ToByteArray();
    }

    private static Any Wrap(IMessage message, byte[] body) => new()
    {
        TypeUrl = TypeUrlPrefix + message.Descriptor.FullName,

        // Nobody writes to body after this: it is held by the Any alone.
        Value = UnsafeByteOperations.UnsafeWrap(body),
    };

    // Of the message just written: the one field of this number, which is of bytes.
    private static ReadOnlyMemory<byte> Find(byte[] message, int field)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == field)
            {
                var length = input.ReadLength();
                return message.AsMemory((int)input.Position, length);
            }

            input.SkipLastField();
        }

        return default;
    }
}
