// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Listener.V3;
using Mesh.Model;
using Mesh.Xds.Naming;

namespace Mesh.Xds.Translation;

/// <summary>What all listeners have in common.</summary>
internal static class Listeners
{
    private const uint BufferLimit = 64 * 1024;

    public static XdsResource Resource(ListenerName name, Listener listener, Origins origins)
    {
        listener.PerConnectionBufferLimitBytes = BufferLimit;
        return new XdsResource
        {
            Key = name.Key,
            Message = listener,
            Origins = origins,
            OnDemand = false,
            References = [ExtensionName.Identity.Key],
        };
    }
}
