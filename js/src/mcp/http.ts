import { createServer, type Server } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  isLegacyRequest,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  type McpServer,
  originValidationResponse,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';

/** The path that the protocol is served at. */
export const MCP_PATH = '/mcp';

/** How many sessions are kept; the one that was used longest ago ends for a new one. */
const MAX_SESSIONS = 256;

/** Serves the protocol over streamable HTTP at a port of this machine that no other machine reaches. */
export interface HttpServer {
  /** The address to give a client. */
  url: string;
  /** Ends every session and every connection. */
  close(): Promise<void>;
}

/**
 * Starts serving; `port` 0 has the system choose one. A page of another site is refused by its `Origin`, and by the
 * `Host` that a rebound name leaves.
 *
 * Clients of the protocol's revisions up to 2025 have sessions, without which they could not cancel a call.
 */
export async function serveHttp(port: number, makeServer: () => McpServer): Promise<HttpServer> {
  const modern = createMcpHandler(makeServer, { legacy: 'reject' });
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();

  const openSession = async (): Promise<WebStandardStreamableHTTPServerTransport> => {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => {
        const [oldest] = sessions;
        if (sessions.size >= MAX_SESSIONS && oldest) void oldest[1].close();
        sessions.set(id, transport);
      },
    });
    await makeServer().connect(transport);
    const { onclose } = transport;
    transport.onclose = () => {
      onclose?.();
      if (transport.sessionId !== undefined) sessions.delete(transport.sessionId);
    };
    return transport;
  };

  const serveSession = async (request: Request): Promise<Response> => {
    const id = request.headers.get('mcp-session-id');
    if (id === null) return (await openSession()).handleRequest(request);
    const session = sessions.get(id);
    if (!session) return refuse(404, 'there is no such session');
    sessions.delete(id);
    sessions.set(id, session);
    return session.handleRequest(request);
  };

  const fetch = async (request: Request): Promise<Response> => {
    const refused =
      hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
      originValidationResponse(request, localhostAllowedOrigins());
    if (refused) return refused;
    if (new URL(request.url).pathname !== MCP_PATH)
      return refuse(404, `the protocol is served at ${MCP_PATH}`);
    return (await isLegacyRequest(request)) ? serveSession(request) : modern.fetch(request);
  };

  const handle = toNodeHandler({ fetch });
  // Node's own type says of what may be missing that it may be undefined, which the other's does not.
  type NodeRequest = Parameters<typeof handle>[0];
  const server = createServer((request, response) => void handle(request as NodeRequest, response));
  await listen(server, port);
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}${MCP_PATH}`;
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    await Promise.all([modern.close(), ...[...sessions.values()].map((session) => session.close())]);
    server.closeAllConnections();
    await closed;
  };
  return { url, close };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

function refuse(status: number, message: string): Response {
  return Response.json({ jsonrpc: '2.0', error: { code: -32_000, message }, id: null }, { status });
}
