// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Mesh.NodeAgent.Processes;
using Mesh.Testing;
using Mesh.Xds.Bootstrap;

namespace Mesh.EndToEnd.Tests.Transport;

/// <summary>A folder of certificate files as the kubelet mounts a Secret: links into a folder that one rename replaces as a whole.</summary>
internal sealed class MountedSecret(string folder)
{
    private int version;

    public ControlPlaneTls Tls(string secretsFolder) => new()
    {
        Certificate = In("tls.crt"),
        Key = In("tls.key"),
        Ca = In("ca.crt"),
        ServerName = "127.0.0.1",
        SecretsFolder = secretsFolder,
    };

    public async Task ReplaceAsync(X509Certificate2 certificate, string roots)
    {
        var content = Directory.CreateDirectory(In(string.Create(CultureInfo.InvariantCulture, $"..{++version}"))).FullName;
        await File.WriteAllTextAsync(Path.Combine(content, "tls.crt"), certificate.ExportCertificatePem() + "\n");
        await File.WriteAllTextAsync(Path.Combine(content, "tls.key"), TestAuthority.KeyPem(certificate));
        await File.WriteAllTextAsync(Path.Combine(content, "ca.crt"), roots);
        var link = In("..data_tmp");
        File.CreateSymbolicLink(link, Path.GetFileName(content));

        // File.Move would move what the link points to.
        var moved = await Command.RunAsync(new CommandLine("/bin/mv", ["-T", link, In("..data")]) { Limit = Timeouts.Default }, CancellationToken.None);
        Assert.That(moved.Problem, Is.Null);
        foreach (var name in new[] { "tls.crt", "tls.key", "ca.crt" }.Where(name => !File.Exists(In(name))))
        {
            File.CreateSymbolicLink(In(name), Path.Combine("..data", name));
        }
    }

    private string In(string name) => Path.Combine(folder, name);
}
