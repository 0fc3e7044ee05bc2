// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Mesh.Xds.Hosting.Tls;

namespace Mesh.Operator.Cli;

/// <summary>
/// Tries what a run would fail by at its start, while nothing runs yet: so the reason is all that is printed, and no Envoy is looked for or
/// installed in vain.
/// </summary>
internal static class StartCheck
{
    /// <exception cref="IOException">An address or a certificate file cannot be used.</exception>
    public static void Run(RunOptions options)
    {
        if (options.ListenTls is { } tls)
        {
            TlsHosting.Check(tls, TimeProvider.System);
        }

        if (File.Exists(options.StateDirectory))
        {
            throw new IOException($"--state {options.StateDirectory}: this is a file; give a folder, which is made if it is not there");
        }

        var taken = new Dictionary<IPEndPoint, string>();
        Bind("--listen", options.Listen, taken);
        Bind("--http", options.HttpListen, taken);
        Bind("--admission", options.Admission?.Listen.ToString(), taken);
    }

    // It does not listen, so that nobody connects to a server that is none.
    private static void Bind(string option, string? address, Dictionary<IPEndPoint, string> taken)
    {
        if (address is null)
        {
            return;
        }

        var endPoint = IPEndPoint.Parse(address);
        if (endPoint.Port != 0 && !taken.TryAdd(endPoint, option))
        {
            throw new IOException($"{option} {address}: {taken[endPoint]} has this address; give another port");
        }

        try
        {
            using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(endPoint);
        }
        catch (SocketException e)
        {
            throw new IOException($"{option} {address}: {Reason(e)}", e);
        }
    }

    private static string Reason(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "the address is in use by another process; stop that one, or give another port",
        SocketError.AddressNotAvailable => "this machine has no such address; 127.0.0.1 is one that it has, and 0.0.0.0 means all of them",
        SocketError.AccessDenied => "this process may not listen there; a port above 1023 needs no special right",
        _ => e.Message,
    };
}
