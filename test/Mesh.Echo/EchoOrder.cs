// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Mesh.Echo;

/// <summary>How an answer is to be, as the path says.</summary>
internal sealed record EchoOrder(int Status, TimeSpan Delay, int Lines)
{
    private const int LowestStatus = 200;
    private const int HighestStatus = 599;
    private const int MostLines = 100_000;

    public static EchoOrder Parse(string path)
    {
        var order = new EchoOrder(LowestStatus, TimeSpan.Zero, 0);
        if (path.Length < 2)
        {
            return order;
        }

        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i + 1 < parts.Length; i++)
        {
            order = parts[i] switch
            {
                "status" when Number(parts[i + 1]) is { } status and >= LowestStatus and <= HighestStatus => order with { Status = status },
                "delay" when Time(parts[i + 1]) is { } delay => order with { Delay = delay },
                "stream" when Number(parts[i + 1]) is { } lines and <= MostLines => order with { Lines = lines },
                _ => order,
            };
        }

        return order;
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>"200ms" or "2s".</summary>
    private static TimeSpan? Time(string text) =>
        text.EndsWith("ms", StringComparison.Ordinal)
            ? Number(text[..^2]) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null
            : text.EndsWith('s') && Number(text[..^1]) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
