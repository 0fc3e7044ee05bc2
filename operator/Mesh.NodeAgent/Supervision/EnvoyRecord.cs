// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mesh.NodeAgent.Processes;

namespace Mesh.NodeAgent.Supervision;

/// <summary>What is written down of a started Envoy, so that a later control plane can adopt it.</summary>
internal sealed record EnvoyRecord
{
    public required int Pid { get; init; }

    public required ulong StartTime { get; init; }

    public required string Admin { get; init; }

    public required string BootstrapSha256 { get; init; }

    [JsonIgnore]
    public ProcessIdentity Process => new(Pid, StartTime);

    [JsonIgnore]
    public IPEndPoint? AdminAddress => IPEndPoint.TryParse(Admin, out var address) ? address : null;

    public static string HashOf(string bootstrap) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bootstrap)));

    /// <summary>Null when there is none, or nothing that can be understood: then nothing is adopted.</summary>
    public static EnvoyRecord? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), EnvoyRecordJson.Default.EnvoyRecord);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Write(string path)
    {
        var temporary = path + ".new";
        File.WriteAllText(temporary, JsonSerializer.Serialize(this, EnvoyRecordJson.Default.EnvoyRecord));
        File.Move(temporary, path, overwrite: true);
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EnvoyRecord))]
internal sealed partial class EnvoyRecordJson : JsonSerializerContext;
