// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Echo;

var (pods, problem) = args.Length > 0 ? EchoArguments.Parse(args) : (EchoArguments.FromEnvironment(Environment.GetEnvironmentVariable), null);
if (problem is not null || pods.Count == 0)
{
    await Console.Error.WriteLineAsync($"{problem ?? "no pod is given"}\n{EchoArguments.Usage}");
    return 2;
}

await using var server = await EchoServer.StartAsync(pods, CancellationToken.None);
foreach (var pod in server.Pods)
{
    var addresses = new (string Kind, IReadOnlyList<IPEndPoint> Addresses)[] { ("http", pod.Http), ("grpc", pod.Grpc), ("tcp", pod.Tcp), ("banner", pod.Banner) };
    await Console.Out.WriteLineAsync($"{pod} {pod.Version}: {string.Join(' ', addresses.SelectMany(a => a.Addresses.Select(address => $"{a.Kind}={address}")))}");
}

await server.WaitForShutdownAsync();
return 0;
