// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Pipeline;

namespace Mesh.Operator.Kubernetes;

/// <summary>Keeps what is known of the cluster's CRDs, for the reflectors whose kinds come and go with them.</summary>
internal sealed class ReflectorDefinitionSink(Newest<WatchDefinitions> definitions) : IReflectorSink
{
    public int Count => definitions.Value.Versions.Count;

    public void Replace(IReadOnlyCollection<WatchedObject> objects)
    {
        var versions = WatchDefinitions.Pending.Versions.ToBuilder();
        foreach (var definition in objects)
        {
            versions[definition.Key.Name] = definition.Version;
        }

        definitions.Publish(new WatchDefinitions(DefinitionSight.Known, versions.ToImmutable()));
    }

    public void Apply(IReadOnlyCollection<WatchEvent> changes)
    {
        var versions = definitions.Value.Versions.ToBuilder();
        foreach (var change in changes)
        {
            switch (change)
            {
                case WatchEvent.Changed { Object: var definition }:
                    versions[definition.Key.Name] = definition.Version;
                    break;
                case WatchEvent.Deleted { Object: var definition }:
                    versions.Remove(definition.Key.Name);
                    break;
            }
        }

        definitions.Publish(new WatchDefinitions(DefinitionSight.Known, versions.ToImmutable()));
    }

    public void Deny() => definitions.Publish(WatchDefinitions.Pending with { Sight = DefinitionSight.Denied });
}
