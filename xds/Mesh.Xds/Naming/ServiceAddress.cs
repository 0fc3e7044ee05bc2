// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;

namespace Mesh.Xds.Naming;

/// <summary>Where a service is called: one of its own addresses and a port, printed as Envoy prints a socket address.</summary>
public readonly record struct ServiceAddress(string Address, int Port)
{
    public override string ToString() =>
        Address.Contains(':', StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"[{Address}]:{Port}")
            : string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");

    /// <summary>True where this machine itself can listen on the address without any privilege.</summary>
    public bool IsLoopback => IPAddress.TryParse(Address, out var parsed) && IPAddress.IsLoopback(parsed);
}
