// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Mesh.Operator.Cli;

var root = new RootCommand("Mesh Operator: a sidecarless service mesh control plane for Envoy")
{
    RunCommand.Create(),
    StatusCommand.Create(),
    TranslateCommand.Create(),
    GenerateCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
