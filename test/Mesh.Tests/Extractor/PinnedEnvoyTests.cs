// SPDX-License-Identifier: Apache-2.0
using Envoy.Api.Extractor;
using Mesh.Testing;

namespace Mesh.Tests.Extractor;

internal sealed class PinnedEnvoyTests
{
    [Test]
    public async Task Extraction_from_the_pinned_Envoy_gives_the_checked_in_file_byte_for_byte()
    {
        var binary = await File.ReadAllBytesAsync(PinnedEnvoy.RequireBinary(), CancellationToken.None).WithTimeout();
        var checkedIn = await File.ReadAllBytesAsync(PinnedEnvoy.DescriptorSet, CancellationToken.None).WithTimeout();

        var api = DescriptorExtraction.Extract(binary);

        Assert.That(api.DescriptorSet.Span.SequenceEqual(checkedIn), Is.True);
    }
}
