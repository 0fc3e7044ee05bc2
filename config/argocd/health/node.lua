-- SPDX-License-Identifier: Apache-2.0
-- Health of MeshNode for Argo CD (Lua 5.1). The operator makes these objects; a node whose proxy is away may have left for good, which nobody
-- here can tell from an accident, so that is Suspended and not Degraded.
local function health(status, message)
  return { status = status, message = message }
end

local conditions = {}
for _, condition in ipairs(obj.status and obj.status.conditions or {}) do
  conditions[condition.type] = condition
end

local connected = conditions.Connected
if connected == nil then
  return health("Progressing", "The mesh operator has not seen its proxy yet.")
end
if connected.status ~= "True" then
  return health("Suspended", connected.reason .. ": " .. connected.message)
end

local programmed = conditions.Programmed
if programmed == nil then
  return health("Progressing", "The proxy is connected and has not got its configuration yet.")
end
local text = programmed.reason .. ": " .. programmed.message
if programmed.status == "True" then
  return health("Healthy", text)
end
return health(programmed.status == "False" and "Degraded" or "Progressing", text)
