// SPDX-License-Identifier: Apache-2.0
using Mesh.Fuzz;

namespace Mesh.Tests.Fuzz;

/// <summary>The fuzz target with some thousand inputs, the same in every run; `make fuzz` runs others for as long as one likes.</summary>
internal sealed class SessionFuzzTests
{
    private const int Inputs = 1500;

    // Inputs that once led to a failure, as `make fuzz` prints them.
    private static readonly string[] Former =
    [
        "0001040022232a2b004a001242747970652e676f6f676c65617069732e636f6d2f656e766f792e636f6e6669672e656e64706f696e742e76332e436c75737465724c6f616441737369676e6d656e741a01611a0162007a001242747970652e676f6f676c65617069732e636f6d2f656e766f792e636f6e6669672e656e64706f696e742e76332e436c75737465724c6f616441737369676e6d656e741a01611a0164320224313a2a080712264572726f7220616464696e672f7570646174696e6720636c757374657228732920613a206e6f0038001233747970652e676f6f676c65617069732e636f6d2f656e766f792e636f6e6669672e636c75737465722e76332e436c75737465721a0161",
    ];

    [Test]
    public void Session_inputs_that_failed_once_do_not_fail() => Assert.That(() =>
    {
        foreach (var input in Former)
        {
            SessionTarget.Run(Convert.FromHexString(input));
        }
    }, Throws.Nothing);

    [Test]
    public void Session_seeds_get_deep() =>
        Assert.That(Corpus.Seeds.Select(static input => SessionTarget.Run(input.ToBytes())), Has.All.GreaterThan(0));

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    public void Session_mutated_inputs_end_in_a_status_or_go_on(int seed)
    {
        var (_, failure) = FuzzRun.Run(seed, static count => count >= Inputs);

        Assert.That(failure, Is.Null);
    }
}
