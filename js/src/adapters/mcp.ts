/** Fencerun for servers of the Model Context Protocol, made with the TypeScript SDK in version 1 or 2. */

import { createHarnessTool, type HarnessTool, type HarnessToolOptions } from '../harness-tool.js';
import { HARMLESS, type McpContext, type McpToolResult, reportProgress, toMcpResult } from '../mcp/result.js';
import type { CodeInput, CodeSchema } from './schema.js';

export type { McpContext, McpToolResult };

/** What a tool says of itself, so that a client can decide whether to ask the user first. */
export interface McpAnnotations {
  title: string;
  readOnlyHint?: boolean;
  destructiveHint?: boolean;
  idempotentHint?: boolean;
  openWorldHint?: boolean;
}

/** What describes a tool to a client. */
export interface McpToolListing {
  name: string;
  title: string;
  description: string;
  inputSchema: Omit<CodeSchema, '~standard'> & Record<string, unknown>;
  annotations: McpAnnotations;
}

/** The tool in the shapes that both versions of the SDK take. */
export interface McpTool {
  name: string;
  /** The second argument of version 2's `server.registerTool`. */
  config: { title: string; description: string; inputSchema: CodeSchema; annotations: McpAnnotations };
  /** The third argument of version 2's `server.registerTool`. */
  callback(input: CodeInput, context: McpContext): Promise<McpToolResult>;
  /** Handles `tools/list`, for version 1's `server.setRequestHandler`. */
  listTools(): { tools: McpToolListing[] };
  /** Handles `tools/call`, for version 1's `server.setRequestHandler`. */
  callTool(
    request: { params: { name: string; arguments?: Record<string, unknown> | undefined } },
    context: McpContext,
  ): Promise<McpToolResult>;
}

/**
 * Makes the tool. With version 2 of the SDK, `server.registerTool(tool.name, tool.config, tool.callback)`; with
 * version 1, whose `registerTool` wants Zod, the two handlers of a low-level server. Output is handed on while the
 * program runs, as progress, to a client that asked for it.
 *
 * @throws {RunError} with `invalid_options` for options that cannot be used.
 */
export function codeTool(options: HarnessToolOptions = {}): McpTool {
  const tool = createHarnessTool(options);
  const { name, description, schema } = tool;
  const title = 'Run code';
  const isEmbedded = options.url === undefined && options.sandbox === undefined;
  const annotations = { title, ...(isEmbedded && HARMLESS) };
  return {
    name,
    config: { title, description, inputSchema: schema, annotations },
    callback: (input, context) => call(tool, input, context),
    listTools: () => ({ tools: [{ name, title, description, inputSchema: { ...schema }, annotations }] }),
    callTool: async ({ params }, context) =>
      params.name === name
        ? call(tool, params.arguments, context)
        : toMcpResult(`there is no tool \`${params.name.slice(0, 80)}\`, only \`${name}\``, true),
  };
}

async function call(tool: HarnessTool, input: unknown, context: McpContext): Promise<McpToolResult> {
  const { signal } = 'mcpReq' in context ? context.mcpReq : context;
  const { onOutput, flush } = reportProgress(context);
  const { text, error } = await tool.answer(input, { signal, onOutput });
  await flush();
  return toMcpResult(text, error !== null);
}
