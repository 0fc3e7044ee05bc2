// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Mesh.NodeAgent.Processes;

/// <summary>A process that cannot be mistaken for a later one with the same id.</summary>
/// <param name="Pid">The process id.</param>
/// <param name="StartTime">Clock ticks from boot to its start (proc(5), field 22 of <c>stat</c>).</param>
public sealed record ProcessIdentity(int Pid, ulong StartTime)
{
    private const int StateField = 0;
    private const int StartTimeField = 19;

    public bool IsAlive => Of(Pid) == this;

    /// <summary>Null when no such process runs; one that has ended and was not collected yet does not run.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        try
        {
            return Parse(pid, File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")));
        }
        catch (IOException)
        {
            return null;
        }
    }

    internal static ProcessIdentity? Parse(int pid, string stat)
    {
        // pid (name) state ...: the name may hold blanks and parentheses, so fields count from the last one.
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > StartTimeField
            && fields[StateField] is not ("Z" or "X")
            && ulong.TryParse(fields[StartTimeField], NumberStyles.None, CultureInfo.InvariantCulture, out var startTime)
            ? new ProcessIdentity(pid, startTime)
            : null;
    }
}
