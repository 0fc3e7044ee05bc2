// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using CliWrap;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Ads;

/// <summary>A real Envoy on a delta ADS stream of a server under test, and what its admin interface says.</summary>
internal sealed class AdsEnvoy : IAsyncDisposable
{
    public const string Delta = "DELTA_GRPC";
    public const string StateOfTheWorld = "GRPC";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ads-envoy-");
    private readonly CancellationTokenSource stop = new();
    private readonly HttpClient admin = new();
    private Task running = Task.CompletedTask;

    private string AddressFile => Path.Combine(folder.FullName, "admin");

    /// <param name="server">The server.</param>
    /// <param name="api">The variant of the protocol: <see cref="Delta"/> or <see cref="StateOfTheWorld"/>.</param>
    public static Task<AdsEnvoy> StartAsync(Uri server, string api = Delta) => StartAsync(Bootstrap(server, api));

    /// <param name="bootstrap">YAML or JSON, with an admin interface.</param>
    public static async Task<AdsEnvoy> StartAsync(string bootstrap)
    {
        var binary = PinnedEnvoy.RequireBinary();
        var envoy = new AdsEnvoy();
        try
        {
            await envoy.RunAsync(binary, bootstrap);
            return envoy;
        }
        catch
        {
            await envoy.DisposeAsync();
            throw;
        }
    }

    public async Task<string> AdminAsync(string path) => await admin.GetStringAsync(new Uri(path, UriKind.Relative)).WithTimeout();

    /// <summary>
    /// Asks the admin interface until the answer is as wanted. Envoy signals nothing when a change has gone live, so this is a bounded
    /// sequence of questions, each as soon as the one before is answered; the last answer is in the failure.
    /// </summary>
    public async Task<string> AdminAsync(
        string path, Func<string, bool> wanted, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        while (true)
        {
            var answer = await AdminAsync(path);
            if (wanted(answer))
            {
                return answer;
            }

            if (time.GetElapsedTime(started) > Timeouts.Default)
            {
                Assert.Fail($"{Path.GetFileName(file)}:{line}: after {Timeouts.Default} {path} still says: {answer}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), time, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
        var log = Path.Combine(folder.FullName, "log");
        if (File.Exists(log))
        {
            // Shown with a test that fails.
            await TestContext.Out.WriteLineAsync(await File.ReadAllTextAsync(log));
        }

        admin.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task RunAsync(string binary, string content)
    {
        var bootstrap = Path.Combine(folder.FullName, "bootstrap.yaml");
        await File.WriteAllTextAsync(bootstrap, content);
        using var watcher = new FileSystemWatcher(folder.FullName, Path.GetFileName(AddressFile));
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Changed += (_, _) => written.TrySetResult();
        watcher.EnableRaisingEvents = true;
        running = Cli.Wrap(binary)
            .WithArguments(["-c", bootstrap, "--concurrency", "1", "--disable-hot-restart", "--log-level", "warning", "--admin-address-path", AddressFile])
            .WithStandardErrorPipe(PipeTarget.ToFile(Path.Combine(folder.FullName, "log")))
            .ExecuteAsync(stop.Token);
        await Task.WhenAny(written.Task, running).WithTimeout();
        if (!written.Task.IsCompleted)
        {
            Assert.Fail("Envoy ended: " + await File.ReadAllTextAsync(Path.Combine(folder.FullName, "log")));
        }

        admin.BaseAddress = new Uri("http://" + await File.ReadAllTextAsync(AddressFile));
    }

    private static string Bootstrap(Uri server, string api) =>
        $$"""
        node: {id: node/n1, cluster: mesh, metadata: {capture: loopback} }
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0} } }
        dynamic_resources:
          ads_config: {api_type: {{api}}, transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: xds} }]}
          cds_config: {resource_api_version: V3, ads: {}, initial_fetch_timeout: 0s}
          lds_config: {resource_api_version: V3, ads: {}, initial_fetch_timeout: 0s}
        static_resources:
          clusters:
          - name: xds
            type: STATIC
            connect_timeout: 1s
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {} }
            load_assignment: {cluster_name: xds, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: {{server.Host}}, port_value: {{server.Port}} } } } }]}]}
        """;
}
