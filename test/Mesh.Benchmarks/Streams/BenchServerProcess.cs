// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Mesh.Testing;

namespace Mesh.Benchmarks.Streams;

/// <summary>The bench server, which is the real store and the real services on Kestrel, as a process of its own, so that what it uses is its own.</summary>
internal sealed partial class BenchServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private readonly Process process;
    private readonly HttpClient admin;

    private BenchServerProcess(Process process, IPEndPoint address, Uri admin)
    {
        this.process = process;
        Address = address;
        this.admin = new HttpClient { BaseAddress = admin };
    }

    public IPEndPoint Address { get; }

    /// <summary>Resident memory, bytes.</summary>
    public long Memory => ProcessUsage.Memory(process.Id);

    /// <summary>CPU used since the start.</summary>
    public TimeSpan Cpu => ProcessUsage.Cpu(process.Id);

    public static async Task<BenchServerProcess> StartAsync(int services)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])[Program(), "--services", Text(services), "--endpoints", "10", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"])
        {
            start.ArgumentList.Add(argument);
        }

        var started = Process.Start(start) ?? throw new IOException("The bench server did not start.");
        try
        {
            var line = await started.StandardOutput.ReadLineAsync().WaitAsync(StartLimit, TimeProvider.System) ?? "";
            var addresses = Addresses().Matches(line);
            return addresses.Count == 2
                ? new BenchServerProcess(started, IPEndPoint.Parse(addresses[0].Value), new Uri($"http://{addresses[1].Value}"))
                : throw new IOException($"The bench server said \"{line}\", and not where it listens.");
        }
        catch
        {
            started.Kill();
            throw;
        }
    }

    /// <summary>Memory when the collector has given back what it can.</summary>
    public async Task<Footprint> SettleAsync()
    {
        var stats = await StatsAsync();
        var before = Memory;
        foreach (var _ in Enumerable.Range(0, 3))
        {
            stats = await admin.GetFromJsonAsync<ServerStats>("stats?gc=1") ?? stats;
        }

        return new Footprint(before, Memory, stats.Heap);
    }

    public async Task<ServerStats> StatsAsync() =>
        await admin.GetFromJsonAsync<ServerStats>("stats") ?? throw new IOException("The bench server tells no numbers.");

    public async Task PostAsync(string trigger)
    {
        using var answer = await admin.PostAsync(new Uri(trigger, UriKind.Relative), content: null);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        admin.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    // The output folders of all projects are siblings.
    private static string Program()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Repository.File("artifacts", "bin", "Mesh.XdsBench", own.Name, "mesh-xdsbench.dll");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("127\\.0\\.0\\.1:[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Addresses();
}

/// <param name="AsFound">RSS before a collection.</param>
/// <param name="Settled">RSS after one that compacts and gives memory back.</param>
/// <param name="Heap">Managed objects alive.</param>
internal sealed record Footprint(long AsFound, long Settled, long Heap);

/// <summary>What the server tells of itself.</summary>
internal sealed record ServerStats
{
    [JsonPropertyName("streams")]
    public required int Streams { get; init; }

    [JsonPropertyName("responses")]
    public required long Responses { get; init; }

    [JsonPropertyName("resources")]
    public required long Resources { get; init; }

    [JsonPropertyName("heap_bytes")]
    public required long Heap { get; init; }
}
