// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Features;
using Mesh.Operator.Building.Policies;
using Mesh.Operator.Building.Routes;
using Mesh.Operator.Building.Services;
using Mesh.Operator.Sources;

namespace Mesh.Operator.Building.Facts;

/// <summary>
/// All that may be looked at to make something of one object; it notes what was. Whatever is not reached through this, the result cannot
/// depend on.
/// </summary>
/// <param name="book">What is known so far.</param>
/// <param name="self">Of which object something is made: its own facts need no note.</param>
internal sealed class Lookups(RuleBook book, ObjectKey self)
{
    private static readonly HashSet<Fact> Nothing = [];

    // Of most objects nothing is made, or of nothing but themselves.
    private HashSet<Fact>? reads;

    /// <summary>What was looked at of other objects.</summary>
    public IReadOnlySet<Fact> Reads => reads ?? Nothing;

    /// <summary>The object itself; null where it is gone, or its kind is not watched.</summary>
    public IKubernetesObject<V1ObjectMeta>? Self => book.Resources.Find(self);

    /// <summary>What the source says is wrong with it.</summary>
    public EquatableArray<SourceProblem> Problems => book.Resources.Problems.GetValueOrDefault(self);

    /// <summary>What the object says.</summary>
    public Reading? Reading => book.Readings.Of(self);

    /// <summary>What it claims.</summary>
    public Claim? Claim => book.Claims.Of(self);

    public CatalogService? Service(ServiceName name)
    {
        Note(Step.Catalog, ServiceCatalog.KeyOf(name));
        return book.Catalog.Find(name);
    }

    /// <summary>Services of a namespace, sorted.</summary>
    public IEnumerable<CatalogService> ServicesIn(string space)
    {
        Note(Step.Catalog, Enrolment.KeyOf(space));
        return book.Catalog.In(space);
    }

    /// <summary>Which Service has an address that this one asks for; a fact of each of those that do.</summary>
    public ServiceName OwnerOf(string address) => book.Catalog.OwnerOf(address);

    public HTTPRoute? HttpRoute(ObjectKey key)
    {
        Note(Step.Object, key);
        return book.Resources.HttpRoutes.GetValueOrDefault(key);
    }

    public GRPCRoute? GrpcRoute(ObjectKey key)
    {
        Note(Step.Object, key);
        return book.Resources.GrpcRoutes.GetValueOrDefault(key);
    }

    /// <summary>Features that the whole mesh has by default.</summary>
    public FeatureSet? MeshDefaults()
    {
        Note(Step.Reading, MeshBuilder.TheMesh);
        return book.Mesh.Defaults;
    }

    /// <summary>Whether a namespace has clients.</summary>
    public bool HasClients(string space)
    {
        Note(Step.Clients, Enrolment.KeyOf(space));
        return book.Enrolled.Contains(space);
    }

    /// <summary>The policy that has won a target; null where there is none.</summary>
    public TargetOwner? PolicyAt(TargetKey target)
    {
        Note(Step.Policies, target.Object);
        return book.Targets.OwnerOf(target);
    }

    /// <summary>Routes on a port by clients' namespace.</summary>
    public IEnumerable<(string ClientNamespace, IReadOnlyList<CompiledRoute> Routes)> RoutesOn(ServicePortName port)
    {
        Note(Step.Routes, ServiceCatalog.KeyOf(port.Service));
        return book.Tables.On(port);
    }

    /// <summary>The route for gRPC that displaces those for HTTP on a port; null where none does.</summary>
    public UserObject? Displacing(ServicePortName port, string client)
    {
        Note(Step.Routes, ServiceCatalog.KeyOf(port.Service));
        return book.Tables.Displacing(port, client);
    }

    private void Note(Step step, ObjectKey key)
    {
        if (key != self)
        {
            (reads ??= []).Add(new Fact(step, key));
        }
    }
}
