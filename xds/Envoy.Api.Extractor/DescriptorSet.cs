// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;

namespace Envoy.Api.Extractor;

/// <summary>
/// The files of a FileDescriptorSet in the one order we write: by name, ordinal, each file behind its imports (which are
/// taken in the order of the import lines), as protoc wants them. The same files always give the same bytes.
/// </summary>
internal static class DescriptorSet
{
    private const uint FileTag = 0x0A;

    public static IReadOnlyList<FoundDescriptor> Order(IReadOnlyDictionary<string, FoundDescriptor> files)
    {
        var ordered = new List<FoundDescriptor>(files.Count);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in files.Keys.Order(StringComparer.Ordinal))
        {
            Visit(name, files, seen, ordered);
        }

        return ordered;
    }

    /// <summary>Imports that no file of the set provides, as "file imports missing".</summary>
    public static IReadOnlyList<string> MissingImports(IReadOnlyDictionary<string, FoundDescriptor> files) =>
    [
        .. files.Values
            .SelectMany(file => file.Dependencies, (file, import) => (file.Name, Import: import))
            .Where(pair => !files.ContainsKey(pair.Import))
            .Select(pair => $"{pair.Name} imports {pair.Import}")
            .Order(StringComparer.Ordinal),
    ];

    public static byte[] Serialize(IReadOnlyList<FoundDescriptor> ordered)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        foreach (var file in ordered)
        {
            output.WriteTag(FileTag);
            output.WriteLength(file.Bytes.Length);
            output.Flush();
            stream.Write(file.Bytes.Span);
        }

        return stream.ToArray();
    }

    private static void Visit(
        string name,
        IReadOnlyDictionary<string, FoundDescriptor> files,
        HashSet<string> seen,
        List<FoundDescriptor> ordered)
    {
        if (!files.TryGetValue(name, out var file) || !seen.Add(name))
        {
            return;
        }

        foreach (var import in file.Dependencies)
        {
            Visit(import, files, seen, ordered);
        }

        ordered.Add(file);
    }
}
