// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Mesh.Testing;

/// <summary>What a process uses, as the kernel tells it (proc(5)).</summary>
public static class ProcessUsage
{
    // The kernel counts CPU time in these.
    private const long TicksPerSecond = 100;

    /// <summary>Resident memory, bytes.</summary>
    public static long Memory(int pid) => long.Parse(
        File.ReadLines(FileOf(pid, "status"))
            .First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) << 10;

    /// <summary>CPU used since its start.</summary>
    public static TimeSpan Cpu(int pid)
    {
        // The name stands in parentheses and may hold anything; behind it the 12th and 13th field are user and system time.
        var fields = File.ReadAllText(FileOf(pid, "stat")).Split(") ")[^1].Split(' ');
        var ticks = fields.Skip(11).Take(2).Sum(static text => long.Parse(text, CultureInfo.InvariantCulture));
        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    private static string FileOf(int pid, string name) => string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{name}");
}
