// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Mesh.Fuzz;

/// <summary>Mutates and runs, the same for the same seed and count; keeps inputs that went deeper than their like.</summary>
internal static class FuzzRun
{
    private const int LargestPool = 2000;

    /// <param name="seed">What the mutations are drawn by.</param>
    /// <param name="isOver">Asked before each input, with the number of those before.</param>
    /// <returns>How many were run, and what the first failure is.</returns>
    public static (long Count, FuzzFailure? Failure) Run(int seed, Func<long, bool> isOver)
    {
        var mutator = new Mutator(seed);
        var pool = Corpus.Seeds.ToList();
        var depths = new HashSet<(bool, int, int)>();
        for (var count = 0L; ; count++)
        {
            if (isOver(count))
            {
                return (count, null);
            }

            var input = mutator.Next(pool);
            var bytes = count % 5 == 0 ? mutator.Spoil(input.ToBytes()) : input.ToBytes();
            try
            {
                if (depths.Add((input.IsDelta, input.Steps.Count, SessionTarget.Run(bytes))) && pool.Count < LargestPool)
                {
                    pool.Add(input);
                }
            }
            catch (Exception e)
            {
                return (count, new FuzzFailure(seed, count, Shrunk(bytes), e));
            }
        }
    }

    /// <summary>With every step left out that the failure does not need.</summary>
    private static byte[] Shrunk(byte[] bytes)
    {
        var input = FuzzInput.Read(bytes);
        for (var at = input.Steps.Count - 1; at >= 0; at--)
        {
            var shorter = input with { Steps = [.. input.Steps.Where((_, i) => i != at)] };
            if (Fails(shorter.ToBytes()))
            {
                input = shorter;
            }
        }

        return Fails(input.ToBytes()) ? input.ToBytes() : bytes;
    }

    private static bool Fails(byte[] bytes)
    {
        try
        {
            SessionTarget.Run(bytes);
            return false;
        }
        catch (Exception)
        {
            return true;
        }
    }
}

/// <param name="Seed">Of the run.</param>
/// <param name="Number">Which input of it.</param>
/// <param name="Input">Its bytes, made short.</param>
/// <param name="Exception">What it led to.</param>
internal sealed record FuzzFailure(int Seed, long Number, byte[] Input, Exception Exception)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"seed {Seed}, input {Number}: {Convert.ToHexStringLower(Input)}\n{FuzzText.Of(Input)}{Exception}");
}
