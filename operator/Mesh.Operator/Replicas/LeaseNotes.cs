// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;

namespace Mesh.Operator.Replicas;

/// <summary>What replicas write beside the lease's own fields; pure.</summary>
internal static class LeaseNotes
{
    /// <summary>Where the holder takes reports.</summary>
    public const string Address = "replicas.mesh.operator.dev/address";

    /// <summary>Before the name of a replica that has proxies and cannot tell the holder of them.</summary>
    public const string SilentPrefix = "silent.mesh.operator.dev/";

    // The API's limit of the part after the slash.
    private const int LongestName = 63;

    public static string SilentKey(string replica)
    {
        var name = string.Concat(replica.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' ? c : '-'));
        return SilentPrefix + (name.Length <= LongestName ? name : name[^LongestName..]).Trim('-', '.', '_');
    }

    /// <param name="replica">Its name.</param>
    /// <param name="proxies">How many it has.</param>
    /// <param name="now">Makes it differ from what was written before: that shows that somebody still says it.</param>
    public static string Silent(string replica, int proxies, DateTimeOffset now) => JsonSerializer.Serialize(
        new SilentNote(replica, proxies, now.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)), ReplicaJson.Default.SilentNote);

    /// <summary>Null for what nobody of ours wrote.</summary>
    public static SilentNote? ReadSilent(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ReplicaJson.Default.SilentNote) is { Replica.Length: > 0, Proxies: > 0 } note ? note : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A replica's own word that it cannot tell of its proxies.</summary>
internal sealed record SilentNote(string Replica, int Proxies, string Time);
