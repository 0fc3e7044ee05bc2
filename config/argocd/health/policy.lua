-- SPDX-License-Identifier: Apache-2.0
-- Health of Mesh and TrafficPolicy for Argo CD (Lua 5.1). The reasons are those of the conditions; README.md has the table.
local function health(status, message)
  return { status = status, message = message }
end

local generation = obj.metadata and obj.metadata.generation
local conditions = {}
for _, condition in ipairs(obj.status and obj.status.conditions or {}) do
  conditions[condition.type] = condition
end

for _, type in ipairs({ "Accepted", "ResolvedRefs", "Programmed" }) do
  local condition = conditions[type]
  if condition == nil then
    return health("Progressing", "The mesh operator has not judged it yet (no condition " .. type .. ").")
  end
  if generation ~= nil and condition.observedGeneration ~= nil and condition.observedGeneration < generation then
    return health("Progressing", "The mesh operator has not judged this generation yet.")
  end
end

for _, type in ipairs({ "Accepted", "ResolvedRefs" }) do
  local condition = conditions[type]
  if condition.status ~= "True" then
    return health(condition.status == "False" and "Degraded" or "Progressing", condition.reason .. ": " .. condition.message)
  end
end

local programmed = conditions.Programmed
local text = programmed.reason .. ": " .. programmed.message
if programmed.status == "True" or programmed.reason == "NoProxies" or programmed.reason == "Overridden" then
  return health("Healthy", text)
end
return health(programmed.status == "False" and "Degraded" or "Progressing", text)
