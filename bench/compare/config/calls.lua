-- Calls for wrk. Arguments: method, bytes of body, file with one header a line to rotate over (may be empty).
local calls, last = {}, 0

function init(arguments)
  local method, size, keys = arguments[1], tonumber(arguments[2]), arguments[3]
  local body = nil
  if size > 0 then body = string.rep("x", size) end
  local function add(name, value)
    local headers = {["Content-Type"] = body and "application/json" or nil}
    if name then headers[name] = value end
    calls[#calls + 1] = wrk.format(method, nil, headers, body)
  end
  if keys and keys ~= "" then
    for line in io.lines(keys) do
      add(line:match("^([^:]+):%s*(.-)%s*$"))
    end
  else
    add(nil, nil)
  end
end

function request()
  last = last % #calls + 1
  return calls[last]
end
