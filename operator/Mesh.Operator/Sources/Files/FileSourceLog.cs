// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Sources.Files;

internal static partial class FileSourceLog
{
    [LoggerMessage(140, LogLevel.Information, "Read {Folder}: {Files} files, {Objects} objects, {Ignored} documents of other kinds")]
    public static partial void FolderRead(this ILogger logger, string folder, int files, int objects, int ignored);

    [LoggerMessage(141, LogLevel.Information, "Files changed: {Applied} objects written, {Deleted} deleted")]
    public static partial void FilesChanged(this ILogger logger, int applied, int deleted);

    [LoggerMessage(142, LogLevel.Warning, "{File}:{Line}: {Object}: {Path} {Message}")]
    public static partial void ProblemFound(this ILogger logger, string file, int line, string @object, string path, string message);

    [LoggerMessage(143, LogLevel.Warning, "The kernel does not tell changes of {Folder}; it is read every {Seconds} s instead")]
    public static partial void NotWatched(this ILogger logger, Exception exception, string folder, double seconds);
}
