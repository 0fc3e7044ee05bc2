// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing.RawGrpc;

namespace Mesh.Benchmarks.Streams.Wire;

/// <summary>Cuts what comes from the socket into frames. Data are handed on piece by piece, so that nothing is held between two reads.</summary>
internal sealed class FrameReader(IFrameSink sink)
{
    // Those of other frames than data, which are small.
    private readonly List<byte> payload = [];
    private readonly byte[] head = new byte[Http2.HeadLength];
    private int headLength;
    private int missing;

    public void Read(ReadOnlySpan<byte> input)
    {
        while (input.Length > 0)
        {
            if (headLength < Http2.HeadLength)
            {
                var taken = Math.Min(Http2.HeadLength - headLength, input.Length);
                input[..taken].CopyTo(head.AsSpan(headLength));
                headLength += taken;
                input = input[taken..];
                if (headLength < Http2.HeadLength)
                {
                    return;
                }

                missing = (head[0] << 16) | (head[1] << 8) | head[2];
            }

            input = ReadPayload(input);
            if (missing == 0)
            {
                EndFrame();
            }
        }
    }

    private FrameType Type => (FrameType)head[3];

    private ReadOnlySpan<byte> ReadPayload(ReadOnlySpan<byte> input)
    {
        var taken = Math.Min(missing, input.Length);
        if (Type == FrameType.Data)
        {
            sink.Data(input[..taken]);
        }
        else
        {
            payload.AddRange(input[..taken]);
        }

        missing -= taken;
        return input[taken..];
    }

    private void EndFrame()
    {
        var (type, flags) = (Type, head[4]);
        headLength = 0;
        if (type is FrameType.Data or FrameType.Headers)
        {
            payload.Clear();
            if ((flags & Http2.EndStream) != 0)
            {
                sink.Ended("the server ended the stream");
            }

            return;
        }

        var isOfStream = head[8] == Http2.StreamId;
        sink.Control(type, flags, isOfStream, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(payload));
        payload.Clear();
    }
}

/// <summary>Takes what a <see cref="FrameReader"/> finds.</summary>
internal interface IFrameSink
{
    void Data(ReadOnlySpan<byte> piece);

    void Control(FrameType type, byte flags, bool isOfStream, ReadOnlySpan<byte> payload);

    void Ended(string why);
}
