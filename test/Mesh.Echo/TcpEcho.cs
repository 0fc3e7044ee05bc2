// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace Mesh.Echo;

/// <summary>Plain TCP: bytes back as they come.</summary>
internal static class TcpEcho
{
    public static async Task RunAsync(ConnectionContext connection)
    {
        try
        {
            await connection.Transport.Input.CopyToAsync(connection.Transport.Output, connection.ConnectionClosed);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The peer went away: that is how an echo ends.
        }
    }

    public static async Task RunWithBannerAsync(ConnectionContext connection, EchoPod pod)
    {
        await connection.Transport.Output.WriteAsync(Encoding.UTF8.GetBytes($"{pod} {pod.Version}\n"), connection.ConnectionClosed);
        await RunAsync(connection);
    }
}
