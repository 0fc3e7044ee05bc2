// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Mesh.NodeAgent.Binaries;

/// <summary>The binary of Envoy's own release page. Its checksum is not pinned: TLS and the version it reports vouch for it.</summary>
internal sealed class ReleaseAssetSource(EnvoyRelease release, EnvoyInstallerOptions options) : IEnvoySource
{
    private const int Chunk = 1 << 16;

    public string Name => $"Envoy's release page ({release.ReleaseAsset})";

    public async Task<FetchOutcome> FetchAsync(string folder, Action<string> report, CancellationToken ct)
    {
        using var total = new CancellationTokenSource(options.Download, TimeProvider.System);
        using var stalled = new CancellationTokenSource(options.Silence, TimeProvider.System);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(ct, total.Token, stalled.Token);
        try
        {
            return await DownloadAsync(Path.Combine(folder, "envoy"), report, () => stalled.CancelAfter(options.Silence), any.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return FetchOutcome.Failed(total.IsCancellationRequested
                ? $"no end within {Seconds(options.Download)} s"
                : $"nothing came for {Seconds(options.Silence)} s");
        }
        catch (HttpRequestException e)
        {
            return FetchOutcome.Failed(e.InnerException is { } inner ? $"{e.Message} {inner.Message}" : e.Message);
        }
        catch (IOException e)
        {
            return FetchOutcome.Failed(e.Message);
        }
    }

    private async Task<FetchOutcome> DownloadAsync(string path, Action<string> report, Action onBytes, CancellationToken ct)
    {
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var response = await client.GetAsync(release.ReleaseAsset, HttpCompletionOption.ResponseHeadersRead, ct);
        if (!response.IsSuccessStatusCode)
        {
            return FetchOutcome.Failed($"the server answers {(int)response.StatusCode} {response.ReasonPhrase}");
        }

        var length = response.Content.Headers.ContentLength;
        await using var source = await response.Content.ReadAsStreamAsync(ct);
        await using var target = File.Create(path);
        var progress = new DownloadProgress(length, report);
        var buffer = new byte[Chunk];
        int read;
        while ((read = await source.ReadAsync(buffer, ct)) > 0)
        {
            onBytes();
            await target.WriteAsync(buffer.AsMemory(0, read), ct);
            progress.Add(read);
        }

        return length is { } wanted && wanted != progress.Received
            ? FetchOutcome.Failed($"the download ended after {progress.Received} of {wanted} bytes")
            : new FetchOutcome { Path = path, Verified = "fetched over TLS; no checksum is pinned for this file, its version is checked" };
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
}

/// <summary>Says every tenth of a download.</summary>
internal sealed class DownloadProgress(long? length, Action<string> report)
{
    private const long Megabyte = 1_000_000;
    private const long StepWithoutLength = 10 * Megabyte;

    private long _next;

    public long Received { get; private set; }

    public void Add(int bytes)
    {
        Received += bytes;
        if (Received < _next)
        {
            return;
        }

        var step = length is > 0 ? Math.Max(length.Value / 10, 1) : StepWithoutLength;
        _next = ((Received / step) + 1) * step;
        report(length is > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Received / Megabyte} of {length / Megabyte} MB ({100 * Received / length} %)")
            : string.Create(CultureInfo.InvariantCulture, $"{Received / Megabyte} MB"));
    }
}
