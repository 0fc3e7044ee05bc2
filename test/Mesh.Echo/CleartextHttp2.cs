// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Mesh.Echo;

/// <summary>
/// HTTP/1.1 and h2c on one port. Kestrel chooses HTTP/2 only by ALPN, so a connection that begins with HTTP/2's preface (RFC 9113, 3.4) is
/// marked as if ALPN had said so.
/// </summary>
internal static class CleartextHttp2
{
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n"u8;

    public static ConnectionDelegate Detect(ConnectionDelegate next) => async connection =>
    {
        if (await BeginsWithPrefaceAsync(connection))
        {
            var mark = new Mark();
            connection.Features.Set<ITlsConnectionFeature>(mark);
            connection.Features.Set<ITlsApplicationProtocolFeature>(mark);
        }

        await next(connection);
    };

    private static async Task<bool> BeginsWithPrefaceAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(connection.ConnectionClosed);
            var length = (int)Math.Min(read.Buffer.Length, Preface.Length);
            var same = read.Buffer.Slice(0, length).ToArray().AsSpan().SequenceEqual(Preface[..length]);
            var undecided = same && length < Preface.Length && !read.IsCompleted;

            // Examined only when more is needed: else the next reader gets these bytes at once.
            input.AdvanceTo(read.Buffer.Start, undecided ? read.Buffer.End : read.Buffer.Start);
            if (!undecided)
            {
                return same && length == Preface.Length;
            }
        }
    }

    private sealed class Mark : ITlsConnectionFeature, ITlsApplicationProtocolFeature
    {
        public X509Certificate2? ClientCertificate { get; set; }

        public ReadOnlyMemory<byte> ApplicationProtocol { get; } = "h2"u8.ToArray();

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult<X509Certificate2?>(null);
    }
}
