// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Mesh.Crds.Schema;

namespace Mesh.Operator.Cli;

/// <summary><c>mesh-operator generate</c>: writes what stems from the C# types (CRDs, reference) into a checkout.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var root = new Option<DirectoryInfo>("--root")
        {
            Description = "Root of the checkout to write into",
            DefaultValueFactory = _ => new DirectoryInfo("."),
        };
        var command = new Command("generate", "Write the CRDs, the roles, the webhook and the API reference from the C# types") { root };
        command.SetAction(result => Run(result.GetRequiredValue(root)));
        return command;
    }

    private static int Run(DirectoryInfo root)
    {
        if (!root.Exists)
        {
            Console.Error.WriteLine($"mesh-operator: --root {root}: there is no such folder; give the root of a checkout");
            return 2;
        }

        foreach (var (path, content) in Generator.Generate().OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            var target = Path.Combine(root.FullName, path);
            var isCurrent = File.Exists(target) && File.ReadAllText(target) == content;
            if (!isCurrent)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.WriteAllText(target, content);
            }

            Console.WriteLine($"{(isCurrent ? "unchanged" : "written  ")} {path}");
        }

        return 0;
    }
}
