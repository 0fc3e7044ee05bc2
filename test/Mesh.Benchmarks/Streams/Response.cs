// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Mesh.Benchmarks.Streams.Wire;
using Mesh.Xds;

namespace Mesh.Benchmarks.Streams;

/// <summary>A response of either variant, read in place. The two have the same field numbers; a delta's resources are wrapped.</summary>
internal readonly ref struct Response
{
    private const int VersionField = 1;
    private const int ResourcesField = 2;
    private const int TypeUrlField = 4;
    private const int NonceField = 5;
    private const int WrappedVersionField = 1;
    private const int WrappedNameField = 3;

    private static readonly (byte[] Url, ResourceType Type)[] Types =
        [.. ResourceTypes.PushOrder.Select(static type => (Encoding.UTF8.GetBytes(type.TypeUrl()), type))];

    private readonly ReadOnlySpan<byte> message;

    private Response(ReadOnlySpan<byte> message, ReadOnlySpan<byte> typeUrl, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> version)
    {
        this.message = message;
        Nonce = nonce;
        Version = version;
        foreach (var (url, type) in Types)
        {
            if (typeUrl.SequenceEqual(url))
            {
                Type = type;
                return;
            }
        }

        throw new InvalidDataException($"The server sent {Encoding.UTF8.GetString(typeUrl)}, which nobody asked for.");
    }

    public ResourceType Type { get; }

    public ReadOnlySpan<byte> Nonce { get; }

    public ReadOnlySpan<byte> Version { get; }

    public static Response Read(ReadOnlySpan<byte> message)
    {
        var fields = new ProtoFields(message);
        ReadOnlySpan<byte> typeUrl = default, nonce = default, version = default;
        while (fields.MoveNext())
        {
            switch (fields.Number)
            {
                case VersionField:
                    version = fields.Value;
                    break;
                case TypeUrlField:
                    typeUrl = fields.Value;
                    break;
                case NonceField:
                    nonce = fields.Value;
                    break;
            }
        }

        return new Response(message, typeUrl, nonce, version);
    }

    /// <summary>Whether these bytes are in it, a resource's name say.</summary>
    public bool Contains(ReadOnlySpan<byte> text) => message.IndexOf(text) >= 0;

    /// <summary>Marks the resources that it holds. Every name holds its service's number: that is what is looked for.</summary>
    public void Mark(SeenResources seen)
    {
        var fields = new ProtoFields(message);
        while (fields.MoveNext())
        {
            if (fields.Number == ResourcesField)
            {
                seen.Add(Type, ServiceNumber(fields.Value));
            }
        }
    }

    /// <summary>Notes names and versions of a delta response.</summary>
    public void Note(Dictionary<string, string> versions)
    {
        var fields = new ProtoFields(message);
        while (fields.MoveNext())
        {
            if (fields.Number != ResourcesField)
            {
                continue;
            }

            var (name, version) = ("", "");
            var wrapped = new ProtoFields(fields.Value);
            while (wrapped.MoveNext())
            {
                name = wrapped.Number == WrappedNameField ? Encoding.UTF8.GetString(wrapped.Value) : name;
                version = wrapped.Number == WrappedVersionField ? Encoding.UTF8.GetString(wrapped.Value) : version;
            }

            versions[name] = version;
        }
    }

    // "svc-00012": the first one in a resource is its own.
    private static int ServiceNumber(ReadOnlySpan<byte> resource)
    {
        var digits = resource[(resource.IndexOf("svc-"u8) + 4)..][..5];
        var number = 0;
        foreach (var digit in digits)
        {
            number = (number * 10) + digit - '0';
        }

        return number;
    }
}
