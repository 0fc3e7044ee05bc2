// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Mesh.Tests.Extractor;

/// <summary>Bytes that look to the extractor like an executable: descriptors between other data.</summary>
internal sealed class SyntheticBinary
{
    private readonly List<byte> bytes = [];

    public SyntheticBinary() => With([0x7F, (byte)'E', (byte)'L', (byte)'F', 0, 0, 0x0A, 3, (byte)'x']);

    public ReadOnlyMemory<byte> Bytes => bytes.ToArray();

    public static FileDescriptorProto File(string name, params string[] imports) => new()
    {
        Name = name,
        Package = "pkg",
        Dependency = { imports },
        MessageType = { new DescriptorProto { Name = "Thing" } },
        Syntax = "proto3",
    };

    public SyntheticBinary With(byte[] data)
    {
        bytes.AddRange(data);
        return this;
    }

    public SyntheticBinary With(FileDescriptorProto file) => With(file.ToByteArray()).With([0, 0, 0]);

    /// <summary>What a linker may leave of a string it merged: the same file, but not all of it.</summary>
    public SyntheticBinary WithStart(FileDescriptorProto file, int length) => With(file.ToByteArray()[..length]).With([0xFF, 0xFF]);
}
