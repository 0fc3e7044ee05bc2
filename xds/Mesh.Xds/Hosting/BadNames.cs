// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Xds.Streams;
using Microsoft.Extensions.Logging;

namespace Mesh.Xds.Hosting;

/// <summary>Logs what is wrong with names that proxies ask for, once for each name: a proxy asks again whenever it reconnects.</summary>
internal sealed class BadNames(ILogger<BadNames> log)
{
    private const int Most = 1000;

    private readonly Lock gate = new();
    private readonly HashSet<ResourceKey> told = [];

    public void Tell(NodeName node, IReadOnlyList<NameProblem> problems)
    {
        foreach (var problem in problems)
        {
            int count;
            lock (gate)
            {
                if (told.Count > Most || !told.Add(problem.Key))
                {
                    continue;
                }

                count = told.Count;
            }

            if (count <= Most)
            {
                log.BadNameAsked(node.Value, problem.Key.Type, problem.Key.Name, problem.Problem);
            }
            else
            {
                log.BadNamesNotLogged(Most);
            }
        }
    }
}
