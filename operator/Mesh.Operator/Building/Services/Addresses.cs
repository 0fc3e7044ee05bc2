// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Mesh.Operator.Building.Services;

internal static class Addresses
{
    /// <summary>Canonical text of an IPv4 or IPv6 address; false for anything else ("None", host names, "1" for 0.0.0.1).</summary>
    public static bool TryCanonical(string? text, [NotNullWhen(true)] out string? canonical)
    {
        canonical = null;
        if (text is null || text.Contains('%', StringComparison.Ordinal) || !IPAddress.TryParse(text, out var address))
        {
            return false;
        }

        var written = address.ToString();
        if (address.AddressFamily == AddressFamily.InterNetwork && written != text)
        {
            return false;
        }

        // 0.0.0.0 and :: are what a listener binds to when it wants every address of the machine.
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || (text[0] == '[' && address.AddressFamily == AddressFamily.InterNetworkV6))
        {
            return false;
        }

        canonical = written;
        return true;
    }
}
