// `npm run setup [-- build|demo|test]`: makes ready whatever this machine lacks, all of it by default.

import { prepareBrowser } from './setup/browser.mjs';
import { canFuzz, prepareCargoFuzz } from './setup/cargo-fuzz.mjs';
import { prepareComponentizePy } from './setup/componentize-py.mjs';
import { locateCache } from './setup/folders.mjs';
import { canRunHarnesses, prepareHarnesses } from './setup/harnesses.mjs';
import { prepareInterop } from './setup/interop.mjs';
import { prepareNodeModules } from './setup/node-modules.mjs';
import { prepareOracles } from './setup/oracles.mjs';
import { prepareTools } from './setup/package-tools.mjs';
import { CannotGoOn, runAsProgram, say } from './setup/program.mjs';
import { requireRust } from './setup/rust.mjs';
import { prepareWasmBindgen } from './setup/wasm-bindgen.mjs';
import { prepareWasmPack } from './setup/wasm-pack.mjs';
import { prepareWasmTarget } from './setup/wasm-target.mjs';

/** What the build needs: the environment for wasm32, and the tools' places. */
export async function setUpBuild() {
  const rust = requireRust();
  await prepareNodeModules();
  const wasm = await prepareWasmTarget();
  const wasmBindgen = await prepareWasmBindgen();
  const python = await prepareComponentizePy();
  return { rust, wasm, wasmBindgen, python };
}

/** What the tests need: the tools of the build, wasm-pack, a browser, package tools, the originals, their clients and the harnesses, as `needs` names them. */
export async function setUpTests(needs = everyNeed()) {
  requireRust();
  await prepareNodeModules();
  const tools = needs.includes('build') ? await setUpBuild() : {};
  if (needs.includes('wasm-pack')) tools.wasmPack = await prepareWasmPack();
  if (needs.includes('browser')) tools.chrome = await prepareBrowser();
  if (needs.includes('cargo-fuzz')) tools.cargoFuzz = await prepareCargoFuzz();
  if (needs.includes('package-tools')) tools.packageTools = await prepareTools();
  if (needs.includes('oracles')) tools.oracles = await prepareOracles();
  if (needs.includes('harnesses')) tools.harnesses = await prepareHarnesses();
  if (needs.includes('interop')) tools.interop = await prepareInterop();
  return tools;
}

function everyNeed() {
  return [
    'build',
    'wasm-pack',
    'browser',
    'package-tools',
    'oracles',
    'interop',
    ...(canRunHarnesses() ? ['harnesses'] : []),
    ...(canFuzz() ? ['cargo-fuzz'] : []),
  ];
}

const purposes = { build: setUpBuild, demo: setUpBuild, test: () => setUpTests() };

runAsProgram(import.meta.url, async ([purpose = 'test', ...rest]) => {
  const setUp = Object.hasOwn(purposes, purpose) && rest.length === 0 ? purposes[purpose] : undefined;
  if (!setUp)
    throw new CannotGoOn(
      `npm run setup takes one of ${Object.keys(purposes).join(', ')}, or nothing for all`,
    );
  await setUp();
  say(`set-up: everything is there (kept in ${locateCache()})`);
});
