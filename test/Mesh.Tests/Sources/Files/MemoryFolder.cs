// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Mesh.Operator.Sources;
using Mesh.Operator.Sources.Files;

namespace Mesh.Tests.Sources.Files;

/// <summary>Files in memory, their index, and the store that its updates are written to.</summary>
internal sealed class MemoryFolder
{
    private readonly ResourceStore store = new();
    private FileIndex index = FileIndex.Empty;

    public ResourceSet Set => store.Current;

    public IReadOnlyDictionary<string, Mesh.Crds.Core.Service> Services =>
        Set.Services.ToDictionary(pair => pair.Key.Name, pair => pair.Value, StringComparer.Ordinal);

    public int Ignored => index.Ignored;

    public FileIndexUpdate Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    public FileIndexUpdate Write(string path, byte[] bytes) => Apply(path, FileReading.Read(path, bytes, index.Files.GetValueOrDefault(path)));

    public void Delete(string path) => Apply(path, null);

    private FileIndexUpdate Apply(string path, ParsedFile? file)
    {
        var update = index.Apply(new Dictionary<string, ParsedFile?>(StringComparer.Ordinal) { [path] = file });
        index = update.Next;
        store.Batch(update.WriteTo);
        return update;
    }
}
