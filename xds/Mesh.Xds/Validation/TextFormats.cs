// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Mail;
using System.Net.Sockets;

namespace Mesh.Xds.Validation;

internal static class TextFormats
{
    private const int LongestHostname = 253;
    private const int LongestLabel = 63;

    public static bool IsIp(string text) => IsIpv4(text) || IsIpv6(text);

    /// <summary>Four decimal parts; IPAddress alone would take "1" and "0x7f.1" as well.</summary>
    public static bool IsIpv4(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text;

    public static bool IsIpv6(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 && !text.StartsWith('[');

    public static bool IsHostname(string text) =>
        text.Length is > 0 and <= LongestHostname && text.TrimEnd('.').Split('.').All(IsLabel);

    public static bool IsEmail(string text) =>
        MailAddress.TryCreate(text, out var address) && address.Address == text && IsHostname(address.Host);

    public static bool IsUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && text.StartsWith(uri.Scheme + ":", StringComparison.OrdinalIgnoreCase);

    public static bool IsUriReference(string text) => Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _);

    public static bool IsUuid(string text) => Guid.TryParseExact(text, "D", out _);

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= LongestLabel
        && !label.StartsWith('-')
        && !label.EndsWith('-')
        && label.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');
}
