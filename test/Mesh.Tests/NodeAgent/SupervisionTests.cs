// SPDX-License-Identifier: Apache-2.0
using Mesh.NodeAgent.Processes;
using Mesh.NodeAgent.Supervision;

namespace Mesh.Tests.NodeAgent;

public sealed class SupervisionTests
{
    [Test]
    public void Backoff_doubles_up_to_its_limit()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

        var waits = new[] { 1, 2, 3, 5, 6, 1000 }.Select(failures => backoff.After(failures).TotalSeconds);

        Assert.That(waits, Is.EqualTo(new[] { 1, 2, 4, 16, 30, 30 }));
    }

    [Test]
    public void Record_written_and_read_is_the_same()
    {
        using var folder = new TemporaryFolder();
        var record = new EnvoyRecord { Pid = 7, StartTime = 123, Admin = "127.0.0.1:4711", BootstrapSha256 = EnvoyRecord.HashOf("a: b") };

        record.Write(folder.File("envoy.json"));

        Assert.That(EnvoyRecord.Read(folder.File("envoy.json")), Is.EqualTo(record));
    }

    [TestCase("")]
    [TestCase("{\"pid\": 7}")]
    [TestCase("{\"pid\": \"x\"")]
    public void Record_that_cannot_be_understood_is_none(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("envoy.json"), text);

        Assert.That(EnvoyRecord.Read(folder.File("envoy.json")), Is.Null);
        Assert.That(EnvoyRecord.Read(folder.File("missing.json")), Is.Null);
    }

    [Test]
    public void Identity_of_this_process_is_alive_and_one_with_other_start_time_is_not()
    {
        var own = ProcessIdentity.Of(Environment.ProcessId);

        Assert.That(own?.IsAlive, Is.True);
        Assert.That(own is { } identity && (identity with { StartTime = identity.StartTime + 1 }).IsAlive, Is.False);
    }

    [Test]
    public void Log_that_grew_large_is_put_aside_under_its_writer()
    {
        using var folder = new TemporaryFolder();
        var files = new EnvoyFiles(folder.Path);
        using var envoy = new StreamWriter(new FileStream(files.Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        envoy.Write("12345");

        files.ShortenLog(limit: 5);
        Assert.That(files.ReadLog(from: 0), Is.EqualTo("12345"));

        envoy.Write("6");
        files.ShortenLog(limit: 5);

        Assert.That(File.ReadAllText(files.Log + ".1"), Is.EqualTo("123456"));
        Assert.That(files.ReadLog(from: 6), Is.Empty);
        File.AppendAllText(files.Log, "7");
        Assert.That(files.ReadLog(from: 6), Is.EqualTo("7"), "the place was one of before");
    }

    [TestCase("S", 77ul)]
    [TestCase("Z", null)]
    public void Identity_is_read_behind_a_name_with_blanks_and_parentheses(string state, ulong? startTime)
    {
        var stat = $"12 (a) b (c)) {state} 1 12 12 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 77 1000";

        Assert.That(ProcessIdentity.Parse(12, stat)?.StartTime, Is.EqualTo(startTime));
    }

    [TestCase(0, "exit code 0")]
    [TestCase(1 << 8, "exit code 1")]
    [TestCase(9, "killed by signal 9")]
    public void End_of_a_child_is_told_in_words(int status, string words) => Assert.That(RunningProcess.Describe(status), Is.EqualTo(words));

    [Test]
    public void Crash_with_address_in_use_names_the_address()
    {
        const string log = "[2026-11-25 10:00:00.000][7][critical][main] [source/server/server.cc:131] error initializing configuration 'x': "
            + "cannot bind '127.0.0.1:9901': Address already in use\n[2026-11-25 10:00:00.000][7][info][main] [x.cc:1] exiting\n";

        Assert.That(CrashReport.Of("exit code 1", log), Is.EqualTo("exit code 1: address 127.0.0.1:9901 is in use by another process"));
    }

    [Test]
    public void Crash_shows_what_the_log_calls_critical_without_its_prefix()
    {
        const string log = "[2026-11-25 10:00:00.000][7][info][main] [x.cc:1] starting\n[2026-11-25 10:00:00.000][7][critical][main] [x.cc:2] no such field\n";

        Assert.That(CrashReport.Of("exit code 1", log), Is.EqualTo("exit code 1 | no such field"));
    }

    [Test]
    public void State_folder_is_held_by_one_supervisor()
    {
        using var folder = new TemporaryFolder();
        var files = new EnvoyFiles(folder.Path);
        using var first = files.Lock();

        Assert.That(() => files.Lock(), Throws.TypeOf<EnvoySupervisorException>().With.Message.Contains("--state DIR"));
    }

    [Test]
    public void Log_that_is_large_is_put_aside_at_a_start()
    {
        using var folder = new TemporaryFolder();
        var files = new EnvoyFiles(folder.Path);
        File.WriteAllText(files.Log, new string('x', 100));

        var start = files.BeginLog(99, DateTimeOffset.UnixEpoch);
        File.AppendAllText(files.Log, "new\n");

        Assert.That(File.ReadAllText(files.Log + ".1"), Has.Length.EqualTo(100));
        Assert.That(files.ReadLog(start), Is.EqualTo("new\n"));
    }
}
