/** Fencerun for the Claude Agent SDK. */

import type { HarnessToolOptions } from '../harness-tool.js';
import { codeTool, type McpTool } from './mcp.js';

/** Options of {@link codeServer}. */
export interface CodeServerOptions extends HarnessToolOptions {
  /** The name of the server, by which the tool is `mcp__<server>__<tool>`. Default `fencerun`. */
  server?: string;
}

/** A server in the process, for the option `mcpServers`. */
export interface CodeServer {
  type: 'sdk';
  name: string;
  /** Of type `never`, as the SDK names a class here of which it only calls `connect`. */
  instance: never;
}

type Id = string | number;

/** A message of JSON-RPC, as far as a server with one tool reads it. */
interface Message {
  id?: Id;
  method?: string;
  params?: {
    protocolVersion?: string;
    name?: string;
    arguments?: Record<string, unknown>;
    requestId?: Id;
    _meta?: { progressToken?: Id };
  };
}

/** What the SDK connects a server to. */
interface Transport {
  start(): Promise<void>;
  send(message: object): Promise<void>;
  close(): Promise<void>;
  onmessage?: (message: Message) => void;
  onclose?: () => void;
}

/** The versions of the protocol whose messages are those below; a client that speaks another is offered the first. */
const VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];
const METHOD_NOT_FOUND = -32601;
const INTERNAL_ERROR = { code: -32603, message: 'internal error' };

/**
 * Makes the server: `query({ options: { mcpServers: { fencerun: codeServer() }, allowedTools: ['mcp__fencerun__run_code'] } })`.
 *
 * The SDK's own servers want Zod for their tools, so this is one by itself: it answers the requests that a server with
 * one tool gets, and ends a run whose request is cancelled.
 *
 * @throws {RunError} with `invalid_options` for options that cannot be used.
 */
export function codeServer({ server = 'fencerun', ...options }: CodeServerOptions = {}): CodeServer {
  const tool = codeTool(options);
  const connect = (transport: Transport): Promise<void> => {
    serve(tool, server, transport);
    return transport.start();
  };
  return { type: 'sdk', name: server, instance: { connect, close: async () => {} } as never };
}

function serve(tool: McpTool, name: string, transport: Transport): void {
  const running = new Map<Id, AbortController>();
  // What is sent to a client that is gone is lost, as it should be.
  const send = (message: object): Promise<void> =>
    transport.send({ jsonrpc: '2.0', ...message }).catch(() => {});
  transport.onclose = () => {
    for (const call of running.values()) call.abort();
  };
  transport.onmessage = ({ id, method, params = {} }) => {
    if (id === undefined) {
      const { requestId } = params;
      if (method === 'notifications/cancelled' && requestId !== undefined) running.get(requestId)?.abort();
    } else if (method === 'tools/call') {
      const call = new AbortController();
      running.set(id, call);
      const { name: called = '', arguments: input, _meta } = params;
      tool
        .callTool(
          { params: { name: called, arguments: input } },
          { signal: call.signal, _meta, sendNotification: send },
        )
        .then(
          (result) => send({ id, result }),
          // A call that was cancelled is answered by nothing. A mistake of ours is no word for the model, which waits
          // for an answer all the same.
          () => (call.signal.aborted ? undefined : send({ id, error: INTERNAL_ERROR })),
        )
        .finally(() => running.delete(id));
    } else if (method !== undefined) {
      const result = answer(tool, name, method, params.protocolVersion);
      const error = { code: METHOD_NOT_FOUND, message: `there is no method ${method}` };
      void send(result ? { id, result } : { id, error });
    }
  };
}

function answer(tool: McpTool, name: string, method: string, wanted: string | undefined): object | undefined {
  if (method === 'ping') return {};
  if (method === 'tools/list') {
    // The tool stands in the first prompt: one tool is not worth a search for it.
    return {
      tools: tool.listTools().tools.map((one) => ({ ...one, _meta: { 'anthropic/alwaysLoad': true } })),
    };
  }
  if (method !== 'initialize') return undefined;
  const protocolVersion = wanted !== undefined && VERSIONS.includes(wanted) ? wanted : VERSIONS[0];
  return { protocolVersion, capabilities: { tools: {} }, serverInfo: { name, version: '1' } };
}
