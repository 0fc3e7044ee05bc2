// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.IO.Hashing;
using Mesh.Operator.Sources.Yaml;

namespace Mesh.Operator.Sources.Files;

/// <summary>Bytes of a file to a <see cref="ParsedFile"/>. Parts that an earlier reading of the file had are taken over, not parsed again.</summary>
internal static class FileReading
{
    public static ParsedFile Read(string path, ReadOnlySpan<byte> bytes, ParsedFile? earlier)
    {
        var hash = XxHash128.HashToUInt128(bytes);
        if (Refusal(bytes) is { } refusal)
        {
            return Unreadable(path, hash, refusal);
        }

        // A mark at the very start is what some editors of another system write; it says nothing.
        var content = bytes.StartsWith("\ufeff"u8) ? bytes[3..] : bytes;
        var isJson = path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        var spans = isJson ? [new DocumentSpan(0, content.Length, 1)] : DocumentSplitter.Split(content);
        var known = earlier?.Parts.DistinctBy(part => part.Hash).ToDictionary(part => part.Hash) ?? [];
        var parts = ImmutableArray.CreateBuilder<ParsedPart>(spans.Length);
        foreach (var span in spans)
        {
            var text = content.Slice(span.Start, span.Length);
            var partHash = XxHash128.HashToUInt128(text);
            parts.Add(known.TryGetValue(partHash, out var same)
                ? same.MovedTo(span.Line)
                : PartReader.Read(new PartSource(path, span.Line, partHash, isJson), text));
        }

        return new ParsedFile(path, hash, parts.ToImmutable());
    }

    /// <summary>A file of which nothing can be said: all objects that it had stay.</summary>
    public static ParsedFile Unreadable(string path, UInt128 hash, string why) => new(path, hash, [new ParsedPart
    {
        Hash = hash,
        Line = 0,
        Documents = [],
        Problems = [new SourceProblem(path, 0, "", why, 0)],
        HidesObjects = true,
        Ignored = 0,
    }]);

    private static string? Refusal(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > TextLimits.FileBytes)
        {
            return $"the file has {bytes.Length >> 20} MiB: split it into files of at most {TextLimits.FileBytes >> 20} MiB";
        }

        return bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff])
            ? "the file is UTF-16: save it as UTF-8"
            : null;
    }
}
