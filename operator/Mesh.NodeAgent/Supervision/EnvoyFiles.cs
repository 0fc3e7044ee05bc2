// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Mesh.NodeAgent.Supervision;

/// <summary>The files of one Envoy in its state folder.</summary>
internal sealed class EnvoyFiles(string folder)
{
    private const int TailBytes = 32_768;

    public string Bootstrap => Path.Combine(folder, "envoy.yaml");

    public string Log => Path.Combine(folder, "envoy.log");

    public string Record => Path.Combine(folder, "envoy.json");

    /// <summary>Held while a supervisor works in the folder; the kernel drops it with the process.</summary>
    public FileStream Lock()
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "envoy.lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new EnvoySupervisorException(
                $"Another control plane works in {folder} (it holds {path}); stop it, or give this one a folder of its own with --state DIR.", e);
        }
    }

    public void WriteBootstrap(string text)
    {
        // Somebody may have taken the folder away meanwhile.
        Directory.CreateDirectory(folder);
        var temporary = Bootstrap + ".new";
        File.WriteAllText(temporary, text);
        File.Move(temporary, Bootstrap, overwrite: true);
    }

    /// <summary>Puts a large log aside and marks where the new run begins; returns that place.</summary>
    public long BeginLog(long limit, DateTimeOffset now)
    {
        if (File.Exists(Log) && new FileInfo(Log).Length > limit)
        {
            File.Move(Log, Log + ".1", overwrite: true);
        }

        File.AppendAllText(Log, string.Create(CultureInfo.InvariantCulture, $"--- started {now:u}\n"));
        return new FileInfo(Log).Length;
    }

    /// <summary>
    /// Puts a large log aside while Envoy writes it: a node runs for months, and its disk may be a few hundred megabytes. Envoy appends, so it goes on
    /// at the new end; what it writes between copy and cut is lost.
    /// </summary>
    public void ShortenLog(long limit)
    {
        try
        {
            using var log = new FileStream(Log, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            if (log.Length <= limit)
            {
                return;
            }

            using (var aside = File.Create(Log + ".1"))
            {
                log.CopyTo(aside);
            }

            log.SetLength(0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody took it away, or the disk is full: tried again at the next look.
        }
    }

    /// <summary>What was logged from a place on, its last part when it is long.</summary>
    public string ReadLog(long from)
    {
        if (!File.Exists(Log))
        {
            return "";
        }

        using var stream = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        // A place beyond the end is one of before the log was put aside.
        stream.Position = Math.Max(from > stream.Length ? 0 : from, stream.Length - TailBytes);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
