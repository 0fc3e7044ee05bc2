// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Envoy.Api.Extractor;

var envoy = new Option<FileInfo>("--envoy") { Description = "The Envoy executable to read.", Required = true };
var output = new Option<FileInfo>("--output") { Description = "The FileDescriptorSet to write.", Required = true };
var command = new RootCommand("Writes the API that an Envoy executable was built with as a protobuf FileDescriptorSet.") { envoy, output };
command.SetAction((arguments, cancellation) =>
    RunAsync(arguments.GetRequiredValue(envoy), arguments.GetRequiredValue(output), cancellation));
return await command.Parse(args).InvokeAsync();

static async Task<int> RunAsync(FileInfo envoy, FileInfo output, CancellationToken cancellation)
{
    try
    {
        var api = DescriptorExtraction.Extract(await File.ReadAllBytesAsync(envoy.FullName, cancellation));
        await File.WriteAllBytesAsync(output.FullName, api.DescriptorSet, cancellation);
        await Console.Out.WriteLineAsync($"{output}: {api.FileNames.Count} files, {api.DescriptorSet.Length} bytes");
        return 0;
    }
    catch (ExtractionException refusal)
    {
        await Console.Error.WriteLineAsync($"{envoy}: {refusal.Message}");
    }
    catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
    {
        await Console.Error.WriteLineAsync(fault.Message);
    }

    return 1;
}
