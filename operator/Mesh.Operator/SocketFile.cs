// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Mesh.Operator;

/// <summary>The file of a unix socket. It stays when its owner is killed, and then nobody can listen there until it is removed.</summary>
internal static class SocketFile
{
    /// <summary>Whether a process listens there.</summary>
    public static bool IsServed(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Removes what a killed process has left; a socket that is served stays.</summary>
    public static void RemoveLeftover(string path)
    {
        if (!IsServed(path))
        {
            File.Delete(path);
        }
    }
}
