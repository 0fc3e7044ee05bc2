// SPDX-License-Identifier: Apache-2.0
namespace Envoy.Api.Extractor;

/// <summary>From the bytes of an Envoy executable to the bytes of a FileDescriptorSet; no files, no console.</summary>
internal static class DescriptorExtraction
{
    /// <summary>Every Envoy can read its own bootstrap, so a binary without this file is another program.</summary>
    public const string TellTale = "envoy/config/bootstrap/v3/bootstrap.proto";

    public static ExtractedApi Extract(ReadOnlyMemory<byte> binary)
    {
        var found = DescriptorScanner.Scan(binary);
        if (found.Count == 0)
        {
            throw new ExtractionException(
                "no protobuf descriptor in it; right would be the Envoy executable itself, not a script, an archive or a compressed copy");
        }

        var files = found.Where(file => ApiFolders.Contain(file.Key)).ToDictionary(StringComparer.Ordinal);
        if (!files.ContainsKey(TellTale))
        {
            throw new ExtractionException(
                $"{found.Count} protobuf descriptors in it, but not {TellTale}; right would be an Envoy executable that serves the v3 API");
        }

        if (DescriptorSet.MissingImports(files) is { Count: > 0 } missing)
        {
            throw new ExtractionException(
                $"the API in it is not whole ({string.Join("; ", missing)}); right would be a whole executable, not a truncated download");
        }

        var ordered = DescriptorSet.Order(files);
        return new ExtractedApi { FileNames = [.. ordered.Select(file => file.Name)], DescriptorSet = DescriptorSet.Serialize(ordered) };
    }
}
