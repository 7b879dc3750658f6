// The versions this project pins outside Cargo.lock and package-lock.json.

/** The oldest Node that the scripts and the bundlers of the build run on; the packages themselves run on older ones. */
export const oldestNode = '20.19.0';

/** Runs the WebAssembly tests; finds the wasm-bindgen below on PATH. */
export const wasmPack = '0.15.1';

/** Drives libFuzzer, where there is a nightly compiler. */
export const cargoFuzz = '0.13.2';

/** Turns the Python guest into a WebAssembly component. */
export const componentizePy = '0.25.1';

/**
 * Pure Python packages for the second snapshot: mathematics, and IPython with what it needs to run cells and to format
 * tracebacks. mpmath is the newest that this sympy accepts; IPython is the one whose tracebacks a recorded kernel wrote.
 */
export const pythonWheels = {
  sympy: '1.14.0',
  mpmath: '1.3.0',
  ipython: '9.18.1',
  traitlets: '5.16.1',
  pygments: '2.21.0',
  'ipython-pygments-lexers': '1.1.1',
  'stack-data': '0.6.3',
  executing: '2.3.0',
  asttokens: '3.0.2',
  'pure-eval': '0.2.4',
};

/** The originals that the oracle tests compare with, installed without what they depend on. */
export const oracles = {
  verl: '0.9.1',
  smolagents: '1.26.0',
  'qwen-agent': '0.0.34',
  'autogen-agentchat': '0.7.5',
  evalplus: '0.3.1',
  lm_eval: '0.4.13',
};

/** The same from before their texts changed. */
export const olderOracles = { verl: '0.7.0' };

/** What the parts of them that are compared with need to be imported. */
export const oracleNeeds = { pydantic: '2.13.5', regex: '2026.11.15', json5: '0.17.3' };

/** Clients of SandboxFusion that the server is tested with; verl is the one above. */
export const sandboxClients = {
  'sandbox-fusion': '0.3.7',
  requests: '2.34.2',
  aiohttp: '3.14.5',
  tenacity: '9.2.1',
};

/** What checks the bodies of requests in SandboxFusion; newer ones word their errors otherwise. */
export const bodyCheckers = { fastapi: '0.109.2', pydantic: '2.6.4' };
