// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Mesh.Operator.Sources;
using Mesh.Operator.Sources.Files;

namespace Mesh.Tests.Sources.Files;

/// <summary>What a large folder costs. Measures rather than judges, so it runs when asked for.</summary>
[Explicit("measures")]
public sealed class FolderSizeTests
{
    [Test]
    public void Folder_of_5000_services_is_read_and_one_of_them_changed()
    {
        var time = TimeProvider.System;
        var texts = Enumerable.Range(0, 5).ToDictionary(
            file => $"{file}.yaml", file => Documents.Join([.. Enumerable.Range(0, 1000).Select(i => Documents.Service($"s{file}-{i}"))]), StringComparer.Ordinal);
        for (var round = 0; round < 3; round++)
        {
            var files = new MemoryFolder();
            var start = time.GetTimestamp();
            foreach (var (path, text) in texts)
            {
                files.Write(path, text);
            }

            var read = time.GetElapsedTime(start);
            start = time.GetTimestamp();
            files.Write("3.yaml", texts["3.yaml"].Replace("name: s3-500\n", "name: s3-500\n  labels: {a: b}\n", StringComparison.Ordinal));
            var changed = time.GetElapsedTime(start);
            TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{files.Set.Services.Count} services: read {read.TotalMilliseconds:F0} ms, one changed {changed.TotalMilliseconds:F1} ms, "
                + $"working set {Environment.WorkingSet >> 20} MiB, heap {GC.GetTotalMemory(forceFullCollection: true) >> 20} MiB"));
            Assert.That(files.Set.Services, Has.Count.EqualTo(5000));
            Assert.That(files.Set.Problems, Is.Empty);
        }
    }
}
