// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Mesh.Operator.Building.Checks;

/// <summary>Checks that the schema makes as well; an object may reach us past the schema (an older CRD in the cluster), so they are made again.</summary>
internal static class SpecChecks
{
    /// <summary>The value if it lies within the bounds, otherwise null and a problem.</summary>
    public static int? Range(int? value, int minimum, int maximum, string path, ProblemList problems)
    {
        if (value is null || (value >= minimum && value <= maximum))
        {
            return value;
        }

        problems.Invalid(path, string.Create(CultureInfo.InvariantCulture, $"{value} is out of range; it must be from {minimum} to {maximum}"));
        return null;
    }

    /// <summary>A share in millionths; all of it without a value.</summary>
    public static uint Millionths(double? percent, string path, ProblemList problems)
    {
        if (percent is null)
        {
            return 1_000_000;
        }

        if (percent is >= 0 and <= 100)
        {
            return (uint)Math.Round(percent.Value * 10_000);
        }

        problems.Invalid(path, string.Create(CultureInfo.InvariantCulture, $"{percent} is out of range; it must be from 0 to 100"));
        return 0;
    }

    /// <summary>The value if the enum names it, otherwise null and a problem.</summary>
    public static T? Known<T>(T? value, string path, ProblemList problems)
        where T : struct, Enum
    {
        if (value is null || Enum.IsDefined(value.Value))
        {
            return value;
        }

        problems.Invalid(path, $"\"{value}\" is unknown; it must be one of {string.Join(", ", Enum.GetNames<T>())}");
        return null;
    }

    /// <summary>The elements with their paths; a null element is a problem.</summary>
    public static IEnumerable<(T Item, string Path, int Index)> Each<T>(IReadOnlyList<T?>? items, string path, ProblemList problems)
        where T : class
    {
        for (var index = 0; index < (items?.Count ?? 0); index++)
        {
            var itemPath = string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
            if (items?[index] is { } item)
            {
                yield return (item, itemPath, index);
            }
            else
            {
                problems.Invalid(itemPath, "must not be null");
            }
        }
    }
}
