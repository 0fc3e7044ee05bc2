// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Envoy.Type.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mesh.Xds.Snapshots;

namespace Mesh.Xds.Translation;

/// <summary>Values of the model as values of Envoy's API.</summary>
internal static class ProtoValues
{
    /// <summary>The marker on which Envoy takes bounds for absent: it knows no "unbounded".</summary>
    public const uint Unbounded = uint.MaxValue;

    private const uint Million = 1_000_000;

    public static Any Pack(IMessage message) => ResourceEncoder.Pack(message);

    public static TypedExtensionConfig Extension(string name, IMessage message) => new() { Name = name, TypedConfig = Pack(message) };

    public static Duration ToDuration(this TimeSpan span) => Duration.FromTimeSpan(span);

    /// <summary>Envoy reads zero as "no limit" where leaving the field out would mean a limit of its own.</summary>
    public static Duration OrNone(this TimeSpan? span) => (span ?? TimeSpan.Zero).ToDuration();

    public static FractionalPercent Millionths(uint share) =>
        new() { Numerator = Math.Min(share, Million), Denominator = FractionalPercent.Types.DenominatorType.Million };

    public static Percent ToPercent(int value) => new() { Value = value };

    public static DataSource Inline(string text) => new() { InlineString = text };

    /// <summary>Header values and some others are format strings, in which a lone percent sign begins a command.</summary>
    public static string EscapeFormat(string text) => text.Replace("%", "%%", StringComparison.Ordinal);

    public static Address Socket(string address, int port, bool alsoIPv4 = false) => new()
    {
        SocketAddress = new SocketAddress { Address = address, PortValue = (uint)port, Ipv4Compat = alsoIPv4 },
    };
}
