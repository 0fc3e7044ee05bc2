// SPDX-License-Identifier: Apache-2.0
using System.IO.Hashing;
using System.Text;

namespace Mesh.Xds.Streams;

/// <summary>
/// Strings of names and versions that requests hold again and again, on a thousand streams: each is made once. A bounded cache, in which a
/// newer string takes the place of an older one; safe for any number of threads, for a slot is one reference.
/// </summary>
internal static class NamePool
{
    private const int Slots = 1 << 16;
    private const int LongestPooled = 256;

    private static readonly string?[] Pool = new string?[Slots];
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // So that nobody can choose names that fall into one slot.
    private static readonly long Seed = Random.Shared.NextInt64();

    /// <exception cref="DecoderFallbackException">It is no UTF-8.</exception>
    public static string Get(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return "";
        }

        if (text.Length > LongestPooled)
        {
            return Strict.GetString(text);
        }

        ref var slot = ref Pool[XxHash3.HashToUInt64(text, Seed) % Slots];
        if (Volatile.Read(ref slot) is { } pooled && pooled.Length == text.Length && Ascii.Equals(text, pooled))
        {
            return pooled;
        }

        var made = Strict.GetString(text);
        Volatile.Write(ref slot, made);
        return made;
    }
}
