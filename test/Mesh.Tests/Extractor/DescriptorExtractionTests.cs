// SPDX-License-Identifier: Apache-2.0
using Envoy.Api.Extractor;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Mesh.Tests.Extractor;

internal sealed class DescriptorExtractionTests
{
    private const string Bootstrap = DescriptorExtraction.TellTale;

    [Test]
    public void Extraction_of_embedded_files_gives_them_back_with_imports_first()
    {
        var bootstrap = SyntheticBinary.File(Bootstrap, "xds/z.proto", "xds/a.proto");
        var first = SyntheticBinary.File("xds/a.proto");
        var last = SyntheticBinary.File("xds/z.proto");

        var binary = new SyntheticBinary().With(first).With(bootstrap).With(last);
        var api = DescriptorExtraction.Extract(binary.Bytes);

        Assert.That(FileDescriptorSet.Parser.ParseFrom(api.DescriptorSet.Span).File, Is.EqualTo(new[] { last, first, bootstrap }));
    }

    [Test]
    public void Extraction_does_not_depend_on_the_place_in_the_binary()
    {
        var bootstrap = SyntheticBinary.File(Bootstrap, "xds/a.proto");
        var other = SyntheticBinary.File("xds/a.proto");

        var forward = DescriptorExtraction.Extract(new SyntheticBinary().With(bootstrap).With(other).Bytes);
        var backward = DescriptorExtraction.Extract(new SyntheticBinary().With(other).With(bootstrap).Bytes);

        Assert.That(forward.DescriptorSet.ToArray(), Is.EqualTo(backward.DescriptorSet.ToArray()));
    }

    [Test]
    public void A_file_found_twice_counts_once_by_its_longest_copy()
    {
        var bootstrap = SyntheticBinary.File(Bootstrap);

        var binary = new SyntheticBinary()
            .WithStart(bootstrap, Bootstrap.Length + 7)
            .With(bootstrap)
            .WithStart(bootstrap, Bootstrap.Length + 2);
        var api = DescriptorExtraction.Extract(binary.Bytes);

        Assert.That(FileDescriptorSet.Parser.ParseFrom(api.DescriptorSet.Span).File, Is.EqualTo(new[] { bootstrap }));
    }

    [Test]
    public void A_name_of_more_than_127_bytes_is_found()
    {
        var name = $"envoy/{new string('n', 200)}.proto";

        var binary = new SyntheticBinary().With(SyntheticBinary.File(Bootstrap)).With(SyntheticBinary.File(name));
        var api = DescriptorExtraction.Extract(binary.Bytes);

        Assert.That(api.FileNames, Is.EqualTo(new[] { Bootstrap, name }));
    }

    [TestCase(0x0A, 1, 'x', Description = "a lower field number")]
    [TestCase(0x6A, 1, 'x', Description = "a field that a file descriptor lacks")]
    [TestCase(0x78, 1, 0, Description = "a known field of another wire type")]
    [TestCase(0x7A, 9, 0, Description = "a length beyond the end")]
    public void Bytes_that_cannot_belong_to_the_descriptor_end_it(int tag, int length, int value)
    {
        var bootstrap = SyntheticBinary.File(Bootstrap);

        var binary = new SyntheticBinary().With(bootstrap.ToByteArray()).With([(byte)tag, (byte)length, (byte)value]);
        var api = DescriptorExtraction.Extract(binary.Bytes);

        Assert.That(FileDescriptorSet.Parser.ParseFrom(api.DescriptorSet.Span).File, Is.EqualTo(new[] { bootstrap }));
    }

    [Test]
    public void Files_of_linked_libraries_are_left_out()
    {
        var api = DescriptorExtraction.Extract(
            new SyntheticBinary().With(SyntheticBinary.File(Bootstrap)).With(SyntheticBinary.File("source/server/hot_restart.proto")).Bytes);

        Assert.That(api.FileNames, Is.EqualTo(new[] { Bootstrap }));
    }

    [Test]
    public void A_program_without_descriptors_is_refused()
    {
        Assert.That(
            () => DescriptorExtraction.Extract(new SyntheticBinary().Bytes),
            Throws.TypeOf<ExtractionException>().With.Message.StartsWith("no protobuf descriptor in it"));
    }

    [Test]
    public void A_program_that_is_not_Envoy_is_refused()
    {
        Assert.That(
            () => DescriptorExtraction.Extract(new SyntheticBinary().With(SyntheticBinary.File("envoy/type/v3/range.proto")).Bytes),
            Throws.TypeOf<ExtractionException>().With.Message.Contains($"but not {Bootstrap}"));
    }

    [Test]
    public void An_import_that_is_not_there_is_refused()
    {
        Assert.That(
            () => DescriptorExtraction.Extract(new SyntheticBinary().With(SyntheticBinary.File(Bootstrap, "xds/a.proto")).Bytes),
            Throws.TypeOf<ExtractionException>().With.Message.Contains($"{Bootstrap} imports xds/a.proto"));
    }

    [Test]
    public void Arbitrary_bytes_are_refused_or_read_but_never_break_it()
    {
        Prop.ForAll<byte[], byte[]>((before, after) =>
                IsHandled(new SyntheticBinary().With(before).With(".proto"u8.ToArray()).With(after).Bytes))
            .QuickCheckThrowOnFailure();
    }

    private static bool IsHandled(ReadOnlyMemory<byte> binary)
    {
        try
        {
            return DescriptorExtraction.Extract(binary).FileNames.Count > 0;
        }
        catch (ExtractionException)
        {
            return true;
        }
    }
}
