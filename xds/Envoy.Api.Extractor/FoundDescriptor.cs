// SPDX-License-Identifier: Apache-2.0
namespace Envoy.Api.Extractor;

/// <summary>One FileDescriptorProto as it lies in the binary: its bytes are kept, for a re-encoding could differ.</summary>
internal sealed record FoundDescriptor
{
    public required string Name { get; init; }

    public required IReadOnlyList<string> Dependencies { get; init; }

    public required ReadOnlyMemory<byte> Bytes { get; init; }
}
