// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;

namespace Mesh.Testing.Kubernetes;

/// <summary>Where a test API server's programs, data and credentials lie.</summary>
public sealed class TestApiServerFiles
{
    private readonly string assets;
    private readonly string suffix;

    private TestApiServerFiles(string assets, DirectoryInfo folder, string token, string suffix = "")
    {
        this.assets = assets;
        this.suffix = suffix;
        Folder = folder;
        Token = token;
    }

    public DirectoryInfo Folder { get; }

    /// <summary>Of the user admin.</summary>
    public string Token { get; }

    public string Kubeconfig => In($"kubeconfig{suffix}");

    public string Tokens => In("tokens.csv");

    public string SigningKey => In("signing.key");

    public string Certificates => In("certs");

    public string EtcdData => In("etcd");

    public string EtcdLog => In("etcd.log");

    public string ServerLog => In($"kube-apiserver{suffix}.log");

    /// <summary>The first of these folders that holds the three programs; null when none does.</summary>
    public static string? FindAssets(params IEnumerable<string?> folders) => folders
        .Where(folder => !string.IsNullOrEmpty(folder) && File.Exists(Path.Combine(folder, "kube-apiserver")))
        .Select(folder => Path.GetFullPath(folder!)) // Not null, as checked.
        .FirstOrDefault();

    public static TestApiServerFiles Create(string assets)
    {
        var files = new TestApiServerFiles(
            assets, Directory.CreateTempSubdirectory("mesh-api-"), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        File.WriteAllText(files.Tokens, $"{files.Token},admin,admin,\"system:masters\"\n");

        // Tokens of service accounts outlive a restart of the server only with a key that does.
        using var key = RSA.Create(2048);
        File.WriteAllText(files.SigningKey, key.ExportRSAPrivateKeyPem());
        return files;
    }

    public string Program(string name) => Path.Combine(assets, name);

    /// <summary>PEM of the authority that signed the server's certificate; null as long as there is none.</summary>
    public string? Authority()
    {
        const string begin = "-----BEGIN CERTIFICATE-----";
        const string end = "-----END CERTIFICATE-----";
        var path = Path.Combine(Certificates, "apiserver.crt");
        var chain = File.Exists(path) ? File.ReadAllText(path) : "";

        // The file is written in one go or two; the server's own certificate comes first, its authority last.
        return chain.Split(end).Length == 3 ? chain[chain.LastIndexOf(begin, StringComparison.Ordinal)..] : null;
    }

    /// <summary>Files of another server of the same cluster, with the same credentials.</summary>
    public TestApiServerFiles OfPeer() => new(assets, Folder, Token, "-peer");

    public void WriteKubeconfig(int port) => WriteKubeconfig(Kubeconfig, port, $"token: {Token}");

    /// <param name="path">Where to.</param>
    /// <param name="port">Of the server, or of a way to it.</param>
    /// <param name="credentials">The user's fields, <c>tokenFile: PATH</c> say.</param>
    public void WriteKubeconfig(string path, int port, string credentials)
    {
        var authority = Authority() ?? throw new InvalidOperationException("The server has made no certificate yet.");
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $$"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: test
              cluster: {server: "https://127.0.0.1:{{port}}", certificate-authority-data: {{Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(authority))}}}
            users:
            - name: user
              user: { {{credentials}} }
            contexts:
            - name: test
              context: {cluster: test, user: user}
            current-context: test
            """));
    }

    private string In(string name) => Path.Combine(Folder.FullName, name);
}
