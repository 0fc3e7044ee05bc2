// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Mesh.Xds;
using Mesh.Xds.Acks;

namespace Mesh.Testing;

public static class LedgerWaits
{
    /// <summary>Waits until the condition holds of the connected proxies, looking whenever one of them has changed.</summary>
    public static async Task WaitForAsync(
        this AckLedger ledger,
        Func<ImmutableArray<ProxyState>, bool> condition,
        TimeSpan? limit = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        using var done = new CancellationTokenSource();
        async Task LoopAsync()
        {
            while (true)
            {
                var change = ledger.WaitForChangeAsync(done.Token);
                if (condition(ledger.Proxies))
                {
                    return;
                }

                await change;
            }
        }

        try
        {
            await LoopAsync().WithTimeout(limit, file, line);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; the ledger holds {string.Join(" ; ", ledger.Proxies.Select(Show))}", e);
        }
        finally
        {
            await done.CancelAsync();
        }
    }

    public static bool HasAccepted(this ImmutableArray<ProxyState> proxies, ResourceKey key, string version) =>
        proxies.Any(proxy => proxy.Accepted.GetValueOrDefault(key)?.Version == version);

    public static bool HasRejected(this ImmutableArray<ProxyState> proxies, ResourceKey key) =>
        proxies.Any(proxy => proxy.Rejected.ContainsKey(key));

    private static string Show(ProxyState proxy) =>
        $"{proxy.Node} accepted [{string.Join(", ", proxy.Accepted.Keys)}] rejected [{string.Join(", ", proxy.Rejected.Select(static pair => $"{pair.Key}: {pair.Value.Message}"))}] pending [{string.Join(", ", proxy.Pending)}]";
}
