// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Mesh.Testing;

/// <summary>
/// A port that nobody else is given while this lives: neither a server that asks for any port nor a connection that needs one of its own.
/// Whoever is told the port may listen there, also again after a restart, for the socket that holds it is bound and does not listen
/// (SO_REUSEADDR, which servers set and .NET sets by itself, lets both be bound).
/// </summary>
public sealed class ReservedPort : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ReservedPort(string address = "127.0.0.1")
    {
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        EndPoint = (IPEndPoint)socket.LocalEndPoint!; // A bound socket has an end point.
    }

    public IPEndPoint EndPoint { get; }

    public void Dispose() => socket.Dispose();
}
