// SPDX-License-Identifier: Apache-2.0
namespace Envoy.Api.Extractor;

internal sealed record ExtractedApi
{
    public required IReadOnlyList<string> FileNames { get; init; }

    public required ReadOnlyMemory<byte> DescriptorSet { get; init; }
}
