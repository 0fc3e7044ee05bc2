// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Mesh.Operator.Sources.Files;

/// <summary>A file with its content understood as far as it can be. Immutable.</summary>
internal sealed class ParsedFile
{
    private readonly Dictionary<ObjectKey, ParsedDocument> documents = [];

    public ParsedFile(string path, UInt128 hash, ImmutableArray<ParsedPart> parts)
    {
        Path = path;
        Hash = hash;
        Parts = parts;
        var repeated = ImmutableArray.CreateBuilder<ParsedDocument>();
        foreach (var document in parts.SelectMany(part => part.Documents))
        {
            if (!documents.TryAdd(document.Key, document))
            {
                repeated.Add(document);
            }
        }

        Repeated = repeated.ToImmutable();
    }

    /// <summary>Relative to the watched folder, with "/".</summary>
    public string Path { get; }

    /// <summary>Of its bytes.</summary>
    public UInt128 Hash { get; }

    public ImmutableArray<ParsedPart> Parts { get; }

    /// <summary>The first document of each object.</summary>
    public IReadOnlyDictionary<ObjectKey, ParsedDocument> Documents => documents;

    /// <summary>Further documents of the same objects; they have no effect.</summary>
    public ImmutableArray<ParsedDocument> Repeated { get; }

    public IEnumerable<SourceProblem> Problems => Parts.SelectMany(part => part.Problems);

    public bool HidesObjects => Parts.Any(part => part.HidesObjects);

    public int Ignored => Parts.Sum(part => part.Ignored);

    /// <summary>
    /// Objects that <paramref name="earlier"/> had and that cannot be told to be gone, since a part of this file cannot be read, stay as
    /// documents with a problem.
    /// </summary>
    public ParsedFile Keeping(ParsedFile? earlier)
    {
        var hiding = Parts.Where(part => part.HidesObjects).ToList();
        var missing = earlier is null || hiding.Count == 0 ? [] : earlier.Documents.Keys.Where(key => !documents.ContainsKey(key)).Order().ToList();
        if (missing.Count == 0)
        {
            return this;
        }

        var cause = hiding[0].Problems[0];
        var digest = Combine(hiding);
        var kept = missing.Select(key => new ParsedDocument
        {
            Key = key,
            Line = cause.Line,
            Digest = digest,
            Problems = [cause with { Path = "", Message = $"the object cannot be made out in its file any more: {cause.Message}" }],
        });
        return new ParsedFile(Path, Hash, [.. Parts, KeptPart(digest, cause.Line, [.. kept])]);
    }

    private static ParsedPart KeptPart(UInt128 digest, int line, ImmutableArray<ParsedDocument> kept) => new()
    {
        // No bytes have this hash, so the part is never taken over when the file is read again.
        Hash = ~digest,
        Line = line,
        Documents = kept,
        Problems = [],
        HidesObjects = false,
        Ignored = 0,
    };

    // Each new way of being unreadable counts as a new version of what may be hidden.
    private static UInt128 Combine(List<ParsedPart> parts)
    {
        var hashes = parts.Select(part => part.Hash).ToArray();
        return XxHash128.HashToUInt128(MemoryMarshal.AsBytes<UInt128>(hashes));
    }
}
