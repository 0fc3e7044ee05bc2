// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using Mesh.Model;

namespace Mesh.Operator.Building.Services;

/// <summary>What is spoken on a service port, by its appProtocol (KEP-3726, IANA names), else by the first part of its name.</summary>
internal static class PortProtocols
{
    private static readonly FrozenDictionary<string, PortProtocol> Known = new Dictionary<string, PortProtocol>(StringComparer.Ordinal)
    {
        ["http"] = PortProtocol.Http,
        ["kubernetes.io/ws"] = PortProtocol.Http,
        ["kubernetes.io/h2c"] = PortProtocol.Http2,
        ["h2c"] = PortProtocol.Http2,
        ["http2"] = PortProtocol.Http2,
        ["grpc"] = PortProtocol.Http2,
        ["grpc-web"] = PortProtocol.Http2,
        ["tcp"] = PortProtocol.Tcp,
        ["tls"] = PortProtocol.Tcp,
        ["https"] = PortProtocol.Tcp,
        ["kubernetes.io/wss"] = PortProtocol.Tcp,
        ["amqp"] = PortProtocol.Tcp,
        ["amqps"] = PortProtocol.Tcp,
        ["cassandra"] = PortProtocol.Tcp,
        ["ftp"] = PortProtocol.Tcp,
        ["imap"] = PortProtocol.Tcp,
        ["imaps"] = PortProtocol.Tcp,
        ["kafka"] = PortProtocol.Tcp,
        ["ldap"] = PortProtocol.Tcp,
        ["ldaps"] = PortProtocol.Tcp,
        ["memcached"] = PortProtocol.Tcp,
        ["mongo"] = PortProtocol.Tcp,
        ["mongodb"] = PortProtocol.Tcp,
        ["mqtt"] = PortProtocol.Tcp,
        ["mysql"] = PortProtocol.Tcp,
        ["nats"] = PortProtocol.Tcp,
        ["pop3"] = PortProtocol.Tcp,
        ["postgres"] = PortProtocol.Tcp,
        ["postgresql"] = PortProtocol.Tcp,
        ["redis"] = PortProtocol.Tcp,
        ["smtp"] = PortProtocol.Tcp,
        ["smtps"] = PortProtocol.Tcp,
        ["ssh"] = PortProtocol.Tcp,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static PortProtocol Of(string? appProtocol, string portName)
    {
        if (!string.IsNullOrEmpty(appProtocol) && Known.TryGetValue(appProtocol.ToLowerInvariant(), out var declared))
        {
            return declared;
        }

        if (!string.IsNullOrEmpty(appProtocol))
        {
            return PortProtocol.Detect;
        }

        // "grpc-web" is a name of its own before it is a "grpc" with something behind it.
        var dash = portName.IndexOf('-', StringComparison.Ordinal);
        return Known.TryGetValue(portName, out var whole) ? whole
            : dash > 0 && Known.TryGetValue(portName[..dash], out var prefix) ? prefix
            : PortProtocol.Detect;
    }
}
