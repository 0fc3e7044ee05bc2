// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Model;

/// <summary>A node of the mesh: one machine with one Envoy.</summary>
public readonly record struct NodeName(string Value)
{
    public override string ToString() => Value;
}

/// <summary>A service, by namespace and name.</summary>
public readonly record struct ServiceName(string Namespace, string Name) : IComparable<ServiceName>
{
    public int CompareTo(ServiceName other)
    {
        var byNamespace = string.CompareOrdinal(Namespace, other.Namespace);
        return byNamespace != 0 ? byNamespace : string.CompareOrdinal(Name, other.Name);
    }

    public override string ToString() => $"{Namespace}/{Name}";

    public static bool operator <(ServiceName left, ServiceName right) => left.CompareTo(right) < 0;

    public static bool operator <=(ServiceName left, ServiceName right) => left.CompareTo(right) <= 0;

    public static bool operator >(ServiceName left, ServiceName right) => left.CompareTo(right) > 0;

    public static bool operator >=(ServiceName left, ServiceName right) => left.CompareTo(right) >= 0;
}

/// <summary>One port of a service; <paramref name="Port"/> is the service's own port number, 1–65535.</summary>
public readonly record struct ServicePortName(ServiceName Service, int Port) : IComparable<ServicePortName>
{
    public int CompareTo(ServicePortName other)
    {
        var byService = Service.CompareTo(other.Service);
        return byService != 0 ? byService : Port.CompareTo(other.Port);
    }

    public override string ToString() => $"{Service}:{Port}";

    public static bool operator <(ServicePortName left, ServicePortName right) => left.CompareTo(right) < 0;

    public static bool operator <=(ServicePortName left, ServicePortName right) => left.CompareTo(right) <= 0;

    public static bool operator >(ServicePortName left, ServicePortName right) => left.CompareTo(right) > 0;

    public static bool operator >=(ServicePortName left, ServicePortName right) => left.CompareTo(right) >= 0;
}
