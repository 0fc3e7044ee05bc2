// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Kubernetes;

namespace Mesh.Tests.Kubernetes;

public sealed class TokenFileTests
{
    private DirectoryInfo folder = null!; // set before every test

    private string File => Path.Combine(folder.FullName, "token");

    [SetUp]
    public void Create() => folder = Directory.CreateTempSubdirectory("mesh-token-");

    [TearDown]
    public void Delete() => folder.Delete(recursive: true);

    [Test]
    public async Task Token_is_that_of_the_file_now()
    {
        var token = new TokenFile(File);

        await System.IO.File.WriteAllTextAsync(File, "first\n");
        var first = await token.GetAuthenticationHeaderAsync(CancellationToken.None);
        await System.IO.File.WriteAllTextAsync(File, "second\n");
        var second = await token.GetAuthenticationHeaderAsync(CancellationToken.None);

        Assert.That((first.ToString(), second.ToString()), Is.EqualTo(("Bearer first", "Bearer second")));
    }

    [TestCase(null, TestName = "Token_before_counts_while_the_file_is_away")]
    [TestCase("", TestName = "Token_before_counts_while_the_file_is_empty")]
    [TestCase("two\nlines", TestName = "Token_before_counts_while_the_file_is_no_token")]
    public async Task Token_before_counts(string? content)
    {
        var token = new TokenFile(File);
        await System.IO.File.WriteAllTextAsync(File, "good");
        await token.GetAuthenticationHeaderAsync(CancellationToken.None);

        System.IO.File.Delete(File);
        if (content is not null)
        {
            await System.IO.File.WriteAllTextAsync(File, content);
        }

        Assert.That((await token.GetAuthenticationHeaderAsync(CancellationToken.None)).Parameter, Is.EqualTo("good"));
    }

    [Test]
    public async Task File_that_never_held_a_token_is_named()
    {
        await System.IO.File.WriteAllTextAsync(File, "");

        Assert.That(
            () => new TokenFile(File).GetAuthenticationHeaderAsync(CancellationToken.None),
            Throws.InstanceOf<IOException>().With.Message.Contains($"{File}: holds no token"));
    }
}
