// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Echo;

namespace Mesh.Tests.Echo;

public sealed class EchoArgumentsTests
{
    [Test]
    public void Arguments_of_two_pods_give_two_pods()
    {
        var (pods, problem) = EchoArguments.Parse(
            ["--pod", "shop/a", "--version", "v1", "--http", "127.1.0.1:80", "--http", "127.1.0.1:81", "--pod", "shop/b", "--tcp", "127.1.0.2:9"]);

        Assert.That(problem, Is.Null);
        Assert.That(pods.Select(pod => $"{pod} {pod.Version} {string.Join(',', pod.Http)} {string.Join(',', pod.Tcp)}"),
            Is.EqualTo(new[] { "shop/a v1 127.1.0.1:80,127.1.0.1:81 ", "shop/b   127.1.0.2:9" }));
    }

    [TestCase("--http 127.1.0.1:80", "before the first --pod")]
    [TestCase("--pod shop", "expected NAMESPACE/NAME")]
    [TestCase("--pod shop/a --http", "needs a value")]
    [TestCase("--pod shop/a --http 127.1.0.1", "addresses are IP:PORT")]
    public void Arguments_that_are_wrong_are_refused_with_what_would_be_right(string line, string expected) =>
        Assert.That(EchoArguments.Parse(line.Split(' ')).Problem, Does.Contain(expected));

    [Test]
    public void Environment_of_a_container_gives_its_pod()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["POD_NAME"] = "a", ["POD_NAMESPACE"] = "shop", ["HTTP_PORT"] = "8080" };

        var pods = EchoArguments.FromEnvironment(variables.GetValueOrDefault);

        Assert.That($"{pods.Single()} {pods.Single().Http.Single()}", Is.EqualTo($"shop/a {new IPEndPoint(IPAddress.Any, 8080)}"));
    }
}
