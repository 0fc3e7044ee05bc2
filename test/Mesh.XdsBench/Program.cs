// SPDX-License-Identifier: Apache-2.0
using Mesh.XdsBench;

var (options, problem) = BenchOptions.Parse(args);
if (options is null)
{
    await Console.Error.WriteLineAsync($"{problem}\n{BenchOptions.Usage}");
    return 2;
}

await using var server = await BenchServer.StartAsync(options);
await Console.Out.WriteLineAsync(
    $"serving {options.Services} services of {options.Endpoints} endpoints at {server.Addresses[0].Authority}, triggers at {server.Addresses[1].Authority}");
await server.WaitForShutdownAsync();
return 0;
