// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mesh.Crds.Schema;

/// <summary>IP addresses as Kubernetes writes them; .NET's parser takes more (10.1, 0x7f.1, [::1]:80, fe80::1%eth0).</summary>
internal static class Addresses
{
    private const int MaxLength = 45;

    public static bool IsIp(string text) => TryParse(text, out _);

    public static bool IsCidr(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !TryParse(text[..slash], out var family))
        {
            return false;
        }

        var prefix = text.AsSpan(slash + 1);
        var isPlain = prefix.Length is > 0 and <= 3 && (prefix.Length == 1 || prefix[0] != '0');
        return isPlain
            && int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            && bits <= (family == AddressFamily.InterNetwork ? 32 : 128);
    }

    private static bool TryParse(string text, out AddressFamily family)
    {
        family = AddressFamily.Unspecified;
        if (text.Length > MaxLength || text.AsSpan().ContainsAny('%', '[', ']') || !IPAddress.TryParse(text, out var address))
        {
            return false;
        }

        family = address.AddressFamily;
        return family == AddressFamily.InterNetworkV6 || address.ToString() == text;
    }
}
