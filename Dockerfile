# SPDX-License-Identifier: Apache-2.0
#   docker build --target operator -t mesh-operator .
#   docker build --target node     -t mesh-node .
# Images by name, so that a mirror can be named in their place: --build-arg RUNTIME_IMAGE=...
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
ARG ENVOY_IMAGE=docker.io/envoyproxy/envoy:v1.40.0

FROM ${SDK_IMAGE} AS build
ARG CONFIGURATION=Release
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /src
COPY . .
# Analyzers judge in CI; here they would only cost time.
RUN dotnet publish operator/Mesh.Operator/Mesh.Operator.csproj -c ${CONFIGURATION} -o /app -p:RunAnalyzers=false -p:UseAppHost=false

FROM ${ENVOY_IMAGE} AS envoy

FROM ${RUNTIME_IMAGE} AS runtime
WORKDIR /app
COPY --from=build --chown=0:0 /app .
ENV DOTNET_EnableDiagnostics=0
# By number: a cluster can only then see that it is not root.
USER 65532:65532
ENTRYPOINT ["dotnet", "/app/mesh-operator.dll"]

FROM runtime AS operator
EXPOSE 15010 15014
CMD ["run", "--help"]

FROM runtime AS node
COPY --from=envoy --chown=0:0 /usr/local/bin/envoy /usr/local/bin/envoy
ENV ENVOY_BIN=/usr/local/bin/envoy
CMD ["node", "--help"]
