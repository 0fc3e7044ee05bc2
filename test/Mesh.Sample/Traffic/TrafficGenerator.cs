// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Mesh.Echo.V1;
using Mesh.Sample.Folder;

namespace Mesh.Sample.Traffic;

/// <summary>Calls one target at a rate, from the address of the pod that it plays.</summary>
internal sealed class TrafficGenerator(CallTarget target, IPAddress client, TrafficWindow window, TimeProvider time)
{
    private const int Workers = 10;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromMilliseconds(100);

    public CallTarget Target => target;

    public TrafficWindow Window => window;

    /// <summary>Runs until cancelled. Slow answers lower the rate: each worker has one call under way at most.</summary>
    public async Task RunAsync(int rate, CancellationToken ct)
    {
        var workers = Math.Min(Workers, rate);
        var period = TimeSpan.FromSeconds((double)workers / rate);
        using var handler = Handler();
        using var http = new HttpClient(handler, disposeHandler: false) { Timeout = Limit };
        using var channel = GrpcChannel.ForAddress($"http://{target.Address}", new GrpcChannelOptions { HttpHandler = handler });
        Func<CancellationToken, Task> call = target.IsGrpc ? token => CallGrpcAsync(new Echo.V1.Echo.EchoClient(channel), token) : token => GetAsync(http, token);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => WorkAsync(call, period * ((double)worker / workers), period, ct)));
    }

    private async Task WorkAsync(Func<CancellationToken, Task> call, TimeSpan offset, TimeSpan period, CancellationToken ct)
    {
        try
        {
            await Task.Delay(offset, time, ct);
            await ReachableAsync(ct);
            using var timer = new PeriodicTimer(period, time);
            while (await timer.WaitForNextTickAsync(ct))
            {
                await call(ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Told to end.
        }
    }

    /// <summary>Waits until something listens at the target: what is called before that tells nothing of the mesh.</summary>
    private async Task ReachableAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(ProbePeriod, time);
        while (await timer.WaitForNextTickAsync(ct))
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(target.Address, ct);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }
    }

    private async Task GetAsync(HttpClient http, CancellationToken ct)
    {
        try
        {
            using var response = await http.GetAsync(new Uri($"http://{target.Address}/"), ct);
            if (response.IsSuccessStatusCode && response.Headers.TryGetValues("x-echo-version", out var versions))
            {
                window.Answered(versions.First());
            }
            else
            {
                window.Failed(string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode}"));
            }
        }
        catch (HttpRequestException e)
        {
            window.Failed(e.InnerException is SocketException socket ? socket.SocketErrorCode.ToString() : e.HttpRequestError.ToString());
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            window.Failed("no answer");
        }
    }

    private async Task CallGrpcAsync(Echo.V1.Echo.EchoClient echo, CancellationToken ct)
    {
        try
        {
            var reply = await echo.UnaryAsync(new EchoRequest { Message = "hello" }, deadline: time.GetUtcNow().UtcDateTime + Limit, cancellationToken: ct);
            window.Answered(reply.Version);
        }
        catch (RpcException e)
        {
            ct.ThrowIfCancellationRequested();
            window.Failed($"gRPC {e.StatusCode}");
        }
    }

    /// <summary>Connections come from the pod's address, which is how the mesh knows the caller.</summary>
    private SocketsHttpHandler Handler() =>
        new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromSeconds(5),
            ConnectCallback = async (context, ct) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    socket.Bind(new IPEndPoint(client, 0));
                    await socket.ConnectAsync(target.Address, ct);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
}
