// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Mesh.Operator.Sources.Yaml;

namespace Mesh.Tests.Sources.Yaml;

public sealed class DocumentSplitterTests
{
    [TestCase("", "")]
    [TestCase("# only a comment\n---\n\n---\n# x\n", "")]
    [TestCase("a: 1", "1:a: 1")]
    [TestCase("a: 1\n---\nb: 2\n", "1:a: 1\n|2:---\nb: 2\n")]
    [TestCase("---\r\na: 1\r\n---\r\nb: 2\r\n", "1:---\r\na: 1\r\n|3:---\r\nb: 2\r\n")]
    [TestCase("# c\n%YAML 1.2\n---\na: 1\n", "1:# c\n%YAML 1.2\n---\na: 1\n")]
    [TestCase("---\n# nothing\n---\na: 1\n", "3:---\na: 1\n")]
    [TestCase("--- {a: 1}\n--- # c\nb: 2\n", "1:--- {a: 1}\n|2:--- # c\nb: 2\n")]
    [TestCase("a: 1\n...\nb: 2\n", "1:a: 1\n...\n|3:b: 2\n")]
    [TestCase("a: |\n  ---\n  x\n---b: 2\n", "1:a: |\n  ---\n  x\n---b: 2\n")]
    [TestCase("a: 'torn\n---\nb: 2", "1:a: 'torn\n|2:---\nb: 2")]
    public void File_is_cut_at_its_markers(string file, string parts)
    {
        var bytes = Encoding.UTF8.GetBytes(file);

        var spans = DocumentSplitter.Split(bytes);

        Assert.That(string.Join('|', spans.Select(s => $"{s.Line}:{Encoding.UTF8.GetString(bytes, s.Start, s.Length)}")), Is.EqualTo(parts));
    }
}
