/**
 * The code tool of agentic reinforcement learning: extract the code in a model's text, run it in
 * a sandbox, return what it printed.
 */

export * from './agent-loop.js';
export * from './client.js';
export * from './code-tool.js';
export { type Comparison, compareProfiles } from './compare.js';
export { EmbeddedClient, type SandboxEngine } from './embedded.js';
export { type Outcome, RunError, type RunErrorCode } from './error.js';
export { extract } from './extract.js';
export { Extractor } from './extractor.js';
export * from './harness-tool.js';
export { type InitInput, init, initSync } from './init.js';
export { observe } from './observe.js';
export {
  type Applied,
  applyRule,
  type Extracted,
  type ExtractedProgram,
  type ExtractProfileOptions,
  extractWith,
  type ObserveProfileOptions,
  observeWith,
  type Profile,
  profiles,
} from './profiles.js';
export * from './rollouts.js';
export { languageOf, languages, type Program, type SelectOptions, select } from './select.js';
export type { CompiledModule, WasmSource } from './source.js';
export * from './text-agent.js';
export * from './tool-calls.js';
export type * from './types.js';
export * from './wire.js';
