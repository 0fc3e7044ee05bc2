// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;

namespace Mesh.Benchmarks.Cluster;

/// <summary>What one user asked of the API server, by the server's own audit log.</summary>
internal sealed class AuditLog(DirectoryInfo folder, string user)
{
    private string File => Path.Combine(folder.FullName, "audit.log");

    private string Policy => Path.Combine(folder.FullName, "audit-policy.yaml");

    /// <summary>Flags for the API server that make it write the log.</summary>
    public string[] Flags()
    {
        System.IO.File.WriteAllText(Policy, $$"""
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
            - {level: Metadata, users: ["{{user}}"]}
            - {level: None}
            """);
        return [$"--audit-log-path={File}", $"--audit-policy-file={Policy}"];
    }

    /// <summary>How often each was asked from this moment on: <c>patch trafficpolicies/status</c>. A watch counts when it begins.</summary>
    public IReadOnlyDictionary<string, int> Since(DateTimeOffset moment)
    {
        using var stream = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            using var entry = JsonDocument.Parse(line);
            if (Request(entry.RootElement, moment) is { } request)
            {
                counts[request] = counts.GetValueOrDefault(request) + 1;
            }
        }

        return counts;
    }

    private static string? Request(JsonElement entry, DateTimeOffset moment)
    {
        var verb = entry.GetProperty("verb").GetString();
        var begins = entry.GetProperty("stage").GetString() == "ResponseStarted";
        var received = DateTimeOffset.Parse(entry.GetProperty("requestReceivedTimestamp").GetString() ?? "", CultureInfo.InvariantCulture);
        if (begins != (verb == "watch") || received < moment)
        {
            return null;
        }

        if (!entry.TryGetProperty("objectRef", out var subject))
        {
            return $"{verb} {entry.GetProperty("requestURI").GetString()}";
        }

        var part = subject.TryGetProperty("subresource", out var subresource) ? $"/{subresource.GetString()}" : "";
        return $"{verb} {subject.GetProperty("resource").GetString()}{part}";
    }
}
