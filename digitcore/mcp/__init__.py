"""The MCP server: the reader as tools of the Model Context Protocol, for assistants and other programs that call tools.

`tools` defines the tools, `server` adds them to a server of the official SDK, `stdio` and `http` serve it, `evaluation` and `explanation`
do what the API has no endpoint for. `docs/mcp.md` describes how to use it.

Only `command`, the command-line interface, is imported by other commands. The others need the extra `mcp` and are imported when the command
`mcp` runs.

References:
    Model Context Protocol, https://modelcontextprotocol.io.
"""
