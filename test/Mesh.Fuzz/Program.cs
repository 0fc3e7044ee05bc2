// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Fuzz;
using SharpFuzz;

const string Usage =
    """
    mesh-fuzz random [--seconds N] [--seed N]   mutate and run for N seconds (60), by seed (drawn and printed)
    mesh-fuzz afl                               be the target of afl-fuzz: one input on standard input at a time
    mesh-fuzz replay FILE...                    run inputs, and show them
    mesh-fuzz seeds FOLDER                      write the inputs to begin with
    """;

switch (args)
{
    case ["afl"]:
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            SessionTarget.Run(bytes.ToArray());
        });
        return 0;
    case ["replay", .. var files]:
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(file);
            await Console.Out.WriteLineAsync(FuzzText.Of(bytes));
            SessionTarget.Run(bytes);
        }

        return 0;
    case ["seeds", var folder]:
        Directory.CreateDirectory(folder);
        for (var i = 0; i < Corpus.Seeds.Count; i++)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, i.ToString("D2", CultureInfo.InvariantCulture)), Corpus.Seeds[i].ToBytes());
        }

        return 0;
    case ["random", .. var options]:
        return await RandomAsync(options);
    default:
        await Console.Error.WriteLineAsync(Usage);
        return 2;
}

static async Task<int> RandomAsync(string[] options)
{
    var seconds = Option(options, "--seconds") ?? 60;
    var seed = Option(options, "--seed") ?? Random.Shared.Next();
    await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {seconds} s"));
    var started = TimeProvider.System.GetTimestamp();
    var (count, failure) = FuzzRun.Run(seed, _ => TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(seconds));
    await Console.Out.WriteLineAsync(failure?.ToString() ?? string.Create(CultureInfo.InvariantCulture, $"{count} inputs, no failure"));
    return failure is null ? 0 : 1;
}

static int? Option(string[] options, string name) =>
    Array.IndexOf(options, name) is var at and >= 0 && at + 1 < options.Length && int.TryParse(options[at + 1], CultureInfo.InvariantCulture, out var value) ? value : null;
