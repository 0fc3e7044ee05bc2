// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Testing.RawGrpc;

/// <summary>HTTP/2's frames (RFC 9113, section 6).</summary>
internal enum FrameType : byte
{
    Data = 0,
    Headers = 1,
    ResetStream = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
}
