// SPDX-License-Identifier: Apache-2.0
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Mesh.Xds.Peers;

namespace Mesh.Xds.Streams;

/// <summary>Who is at the other end of a connection, as its verified certificate says, or of a stream, as its token does. Else nobody vouches for anybody.</summary>
public sealed record PeerIdentity
{
    private const string AlternativeNames = "2.5.29.17";
    private const string SpiffeScheme = "spiffe://";
    private static readonly Asn1Tag UriName = new(TagClass.ContextSpecific, 6);

    public required string Subject { get; init; }

    /// <summary>The certificate's URI names, in its order.</summary>
    public required IReadOnlyList<string> Uris { get; init; }

    /// <summary>What it may say of itself; null for a certificate, which proves that the peer belongs to the mesh, and not which of its proxies it is.</summary>
    public PeerRights? Rights { get; init; }

    /// <summary>When the proof expires; null for a certificate, which was good when the connection was made.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The SPIFFE ID; null unless it is the only URI name, as X509-SVIDs must have it.</summary>
    public string? SpiffeId => Uris is [var only] && only.StartsWith(SpiffeScheme, StringComparison.Ordinal) ? only : null;

    public static PeerIdentity Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return new PeerIdentity { Subject = certificate.Subject, Uris = UrisOf(certificate) };
    }

    private static List<string> UrisOf(X509Certificate2 certificate)
    {
        var uris = new List<string>();
        foreach (var extension in certificate.Extensions.Where(static extension => extension.Oid?.Value == AlternativeNames))
        {
            try
            {
                var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    if (names.PeekTag().HasSameClassAndValue(UriName))
                    {
                        uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UriName));
                    }
                    else
                    {
                        names.ReadEncodedValue();
                    }
                }
            }
            catch (AsnContentException)
            {
                // A name that cannot be read vouches for nothing, and those before it are no better.
                return [];
            }
        }

        return uris;
    }
}
