// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using Google.Protobuf;
using Grpc.Core;

namespace Mesh.Xds.Edge;

/// <summary>Reads a request of either variant, once it is known that the objects it makes take not much more memory than its bytes.</summary>
internal static class RequestReader
{
    /// <param name="parse">Makes the request; what it does not know it leaves out, for that would stay in memory for nothing.</param>
    /// <param name="bytes">The message.</param>
    /// <exception cref="RpcException">The bytes are no request, or more than a proxy may say.</exception>
    public static T Read<T>(Func<ReadOnlySequence<byte>, T> parse, ReadOnlySequence<byte> bytes)
        where T : class
    {
        try
        {
            if (RequestScan.Of(bytes).Problem is { } problem)
            {
                throw new RpcException(new Status(StatusCode.ResourceExhausted, problem));
            }

            return parse(bytes);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException or DecoderFallbackException)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"The request is no {typeof(T).Name}: {e.Message}", e));
        }
    }
}
