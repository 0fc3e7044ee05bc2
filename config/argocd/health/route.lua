-- SPDX-License-Identifier: Apache-2.0
-- Health of HTTPRoute and GRPCRoute for Argo CD (Lua 5.1). It takes the place of Argo CD's own check, so it judges the entries of other
-- controllers, too; only ours have a condition Programmed.
local function health(status, message)
  return { status = status, message = message }
end

local generation = obj.metadata and obj.metadata.generation
local parents = obj.status and obj.status.parents or {}
if #parents == 0 then
  return health("Progressing", "No controller has judged it yet.")
end

local waiting = nil
local texts = {}
for _, parent in ipairs(parents) do
  local name = (parent.parentRef.kind or "Gateway") .. " " .. parent.parentRef.name .. ": "
  local isOurs = parent.controllerName == "mesh.operator.dev/mesh-operator"
  local needed = isOurs and { Accepted = true, ResolvedRefs = true, Programmed = true } or { Accepted = true }
  for _, condition in ipairs(parent.conditions or {}) do
    local text = name .. condition.reason .. ": " .. condition.message
    local decides = condition.type == "Accepted" or condition.type == "ResolvedRefs" or condition.type == "Programmed"
    needed[condition.type] = nil
    if generation ~= nil and condition.observedGeneration ~= nil and condition.observedGeneration < generation then
      waiting = name .. "this generation was not judged yet."
    elseif decides and condition.status ~= "True" and condition.reason ~= "NoProxies" and condition.reason ~= "Overridden" then
      if condition.status == "False" then
        return health("Degraded", text)
      end
      waiting = text
    elseif condition.type == "Programmed" then
      table.insert(texts, text)
    end
  end
  for _, type in ipairs({ "Accepted", "ResolvedRefs", "Programmed" }) do
    if needed[type] then
      waiting = waiting or (name .. "no condition " .. type .. " yet.")
    end
  end
end

if waiting ~= nil then
  return health("Progressing", waiting)
end
return health("Healthy", #texts > 0 and table.concat(texts, " ") or "Accepted by all parents.")
