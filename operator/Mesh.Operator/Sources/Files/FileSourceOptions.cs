// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Sources.Files;

/// <summary>What a <see cref="FileSource"/> watches, and how patiently.</summary>
public sealed record FileSourceOptions
{
    public required string Folder { get; init; }

    /// <summary>A burst of changes is read after so long without a further one.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>A burst of changes is read after so long in any case.</summary>
    public TimeSpan LongestBurst { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// What is gone must still be gone after so long: editors empty or remove a file before they write it anew, and a policy must not be
    /// taken away for that moment.
    /// </summary>
    public TimeSpan Confirmation { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Everything is read again so often, for changes that the kernel does not tell (targets of links, network folders).</summary>
    public TimeSpan Rescan { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The same where the kernel tells nothing at all.</summary>
    public TimeSpan RescanUnwatched { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>The folder that file mode was to read is not there.</summary>
public sealed class FolderMissingException(string folder)
    : IOException($"The folder \"{folder}\" does not exist or is no folder: create it, or name another one.")
{
    public string Folder => folder;
}
