// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Google.Protobuf;
using Grpc.Core;

namespace Mesh.Xds.Edge;

/// <summary>Reads a request of either variant, once it is known that the objects it makes take not much more memory than its bytes.</summary>
internal static class RequestReader
{
    /// <exception cref="RpcException">The bytes are no request, or more than a proxy may say.</exception>
    public static T Read<T>(MessageParser<T> parser, ReadOnlySequence<byte> bytes)
        where T : class, IMessage<T>
    {
        try
        {
            if (RequestScan.Of(bytes).Problem is { } problem)
            {
                throw new RpcException(new Status(StatusCode.ResourceExhausted, problem));
            }

            // Fields that we do not know would stay in memory for nothing.
            return parser.WithDiscardUnknownFields(discardUnknownFields: true).ParseFrom(bytes);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"The request is no {typeof(T).Name}: {e.Message}", e));
        }
    }
}
