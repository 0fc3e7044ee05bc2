// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Net;
using Mesh.NodeAgent.Supervision;
using Mesh.Operator.Pipeline;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.NodeAgent;

/// <summary>A supervisor that runs a real Envoy with a static bootstrap in a folder, until disposed.</summary>
internal sealed class SupervisedEnvoy : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Newest<ImmutableList<EnvoyState>> _states = new([]);
    private readonly Task _running;

    private SupervisedEnvoy(EnvoyOptions options)
    {
        Supervisor = new EnvoySupervisor(options, TimeProvider.System, state => _states.Publish(_states.Value.Add(state)));
        _running = Supervisor.RunAsync(_stop.Token);
    }

    public EnvoySupervisor Supervisor { get; }

    /// <summary>Needs the real Envoy, else the test is ignored.</summary>
    public static EnvoyOptions Options(string folder, string node = "node/test", int? listener = null)
    {
        var binary = Environment.GetEnvironmentVariable("ENVOY_BIN");
        if (string.IsNullOrEmpty(binary))
        {
            Assert.Ignore("ENVOY_BIN is not set: this test runs a real Envoy");
        }

        return new EnvoyOptions
        {
            Binary = binary!, // Assert.Ignore throws.
            StateFolder = folder,
            NodeId = node,
            Concurrency = 1,
            Bootstrap = admin => Bootstrap(node, admin, listener),
            Drain = TimeSpan.Zero,
            Backoff = new Backoff(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(100)),
        };
    }

    public static SupervisedEnvoy Start(EnvoyOptions options) => new(options);

    public async Task<EnvoyState.Running> RunsAsync() =>
        (EnvoyState.Running)await Supervisor.WaitForAsync(state => state is EnvoyState.Running, CancellationToken.None).WithTimeout();

    /// <summary>The first state of a kind that it came to since the start; it may be in another one by now, for some last but a moment.</summary>
    public async Task<T> CameToAsync<T>()
        where T : EnvoyState
    {
        var states = await _states.WaitForAsync(static states => states.OfType<T>().Any(), CancellationToken.None).WithTimeout();
        return states.OfType<T>().First();
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WithTimeout();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private static string Bootstrap(string node, IPEndPoint admin, int? listener) =>
        $$"""
        node: {id: "{{node}}", cluster: test}
        admin:
          address:
            socket_address: {address: {{admin.Address}}, port_value: {{admin.Port}} }
        static_resources:
          listeners: [{{(listener is { } port ? Listener(port) : "")}}]
        """;

    private static string Listener(int port) =>
        "{name: l, address: {socket_address: {address: 127.0.0.1, port_value: " + port + "}}, enable_reuse_port: false, filter_chains: [{filters: ["
        + "{name: tcp, typed_config: {\"@type\": type.googleapis.com/envoy.extensions.filters.network.direct_response.v3.Config}}]}]}";
}
