// SPDX-License-Identifier: Apache-2.0
using k8s.Authentication;
using Mesh.Operator.Kubernetes;

namespace Mesh.Tests.Kubernetes;

public sealed class ClusterAccessTests
{
    private DirectoryInfo folder = null!; // set before every test

    [SetUp]
    public void Create() => folder = Directory.CreateTempSubdirectory("mesh-access-");

    [TearDown]
    public void Delete() => folder.Delete(recursive: true);

    [Test]
    public async Task Token_file_of_a_kubeconfig_is_found_beside_it_and_goes_before_its_token()
    {
        var kubeconfig = Write("config", "{token: old, tokenFile: secret/token}");
        Directory.CreateDirectory(Path.Combine(folder.FullName, "secret"));
        var token = Path.Combine(folder.FullName, "secret", "token");
        await File.WriteAllTextAsync(token, "new");

        var access = ClusterAccess.OfFile(kubeconfig);

        Assert.That(access.Configuration.Host, Is.EqualTo("https://127.0.0.1:6443"));
        Assert.That((await Provider(access).GetAuthenticationHeaderAsync(CancellationToken.None)).Parameter, Is.EqualTo("new"));
        Assert.That(access.Advice, Does.StartWith($"put a valid token into {token} "));
    }

    [Test]
    public void Kubeconfig_without_a_token_file_is_as_the_library_reads_it()
    {
        var access = ClusterAccess.OfFile(Write("config", "{token: fixed}"));

        Assert.That((access.Configuration.AccessToken, access.Configuration.TokenProvider), Is.EqualTo(("fixed", (ITokenProvider?)null)));
        Assert.That(access.Advice, Does.Contain(Path.Combine(folder.FullName, "config")).And.EndsWith("start the operator again"));
    }

    private static ITokenProvider Provider(ClusterAccess access) => access.Configuration.TokenProvider;

    private FileInfo Write(string name, string user)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, $$"""
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:6443", insecure-skip-tls-verify: true} }]
            users: [{name: u, user: {{user}} }]
            contexts: [{name: x, context: {cluster: c, user: u} }]
            current-context: x
            """);
        return new FileInfo(path);
    }
}
