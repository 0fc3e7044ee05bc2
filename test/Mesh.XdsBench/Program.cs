// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds.Hosting;
using Mesh.Xds.Streams;
using Mesh.XdsBench;
using Microsoft.AspNetCore.Server.Kestrel.Core;

var (options, problem) = BenchOptions.Parse(args);
if (options is null)
{
    await Console.Error.WriteLineAsync($"{problem}\n{BenchOptions.Usage}");
    return 2;
}

var mesh = new BenchMesh(options.Services, options.Endpoints);
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Listen(options.Listen, static endpoint => endpoint.Protocols = HttpProtocols.Http2);
    kestrel.Listen(options.Admin, static endpoint => endpoint.Protocols = HttpProtocols.Http1);
});
builder.Services.AddSingleton(mesh.Store).AddSingleton<INodeResolver, AnyNode>().AddMeshXds();
await using var app = builder.Build();
app.MapMeshXds();
Admin.Map(app, mesh, options);
await app.StartAsync();
await Console.Out.WriteLineAsync($"serving {options.Services} services of {options.Endpoints} endpoints at {options.Listen}, triggers at {options.Admin}");
await app.WaitForShutdownAsync();
return 0;
