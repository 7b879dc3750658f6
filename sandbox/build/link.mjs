// Takes a component apart. In: a component as bytes. Out: its core modules, rewritten, and a plan that says how to link
// them: for every import of every instance, which export of an earlier instance or which host function it is.
// The plan is observed, not computed: the linking code that jco generates runs once with a recording host.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { transpileBytes } from '@bytecodealliance/jco-transpile';
import { replaceConstant, rewriteModule } from './wasm.mjs';

const SCRIPT = 'component.js';

/**
 * libc answers every failed write with EIO without asking why. The only write that fails here is one that does not fit
 * the file system, so EIO (29) becomes ENOSPC (51).
 */
const WRITE_ERROR = { functionName: '__wasilibc_write', from: 29, to: 51, times: 2 };

const PAGE_BYTES = 65_536;
const NEVER = 0xffffffff;

/** Accepts every property path and every call: what jco's code asks of a host before the guest runs. */
function makeRecordingHost() {
  const anything = () => {
    throw new Error('the guest called the host while it was being linked');
  };
  const classes = new Proxy({}, { get: () => class {} });
  return new Proxy(
    {},
    {
      get: () =>
        new Proxy(
          { default: anything },
          { get: (target, name) => target[name] ?? (/^[A-Z]/.test(name) ? classes[name] : anything) },
        ),
    },
  );
}

async function transpileComponent(component) {
  const { files } = await transpileBytes(component, {
    name: 'component',
    outDir: '.',
    instantiation: 'sync',
    emitTypescriptDeclarations: false,
  });
  return new Map(Object.entries(files).map(([path, content]) => [path.replace(/^.*[/\\]/, ''), content]));
}

async function loadScript(text) {
  const directory = await mkdtemp(join(tmpdir(), 'fencerun-link-'));
  try {
    const path = join(directory, 'component.mjs');
    await writeFile(path, text);
    return await import(pathToFileURL(path).href);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** `wasi:io/streams@0.2.0` and `[method]input-stream.read` as one name without a version. */
function nameHostFunction(module, name) {
  return `${module.replace(/@.*$/, '')}#${name}`;
}

/** Links the modules once and writes down, instance by instance, what was handed to what. */
function recordLinking(instantiate, getModule) {
  const origins = new Map();
  const instances = [];
  instantiate(getModule, makeRecordingHost(), (module, imports) => {
    const instance = new WebAssembly.Instance(module.compiled, imports);
    instances.push({ file: module.file, module: module.compiled, imports, exports: instance.exports });
    for (const [name, value] of Object.entries(instance.exports)) {
      if (!origins.has(value)) origins.set(value, { instance: instances.length - 1, name });
    }
    return instance;
  });
  return { instances, origins };
}

/**
 * Where dlmalloc keeps by how much it grows the memory, which is by one page and costs a millisecond each time. Its
 * parameters are a random number, the page size, that granularity, and two thresholds that are not used.
 */
function findGranularity(memory) {
  const words = new Uint32Array(memory.buffer);
  const found = [];
  for (let index = 1; index + 3 < words.length; index++) {
    const isParameters = words[index] === PAGE_BYTES && words[index + 1] === PAGE_BYTES;
    if (isParameters && words[index + 2] === NEVER && words[index + 3] === NEVER && words[index - 1] !== 0) {
      found.push((index + 1) * Uint32Array.BYTES_PER_ELEMENT);
    }
  }
  if (found.length !== 1) throw new Error(`dlmalloc's parameters are at ${found.length} places, not 1`);
  return found[0];
}

/** jco reaches the host through a table of trampolines; our host needs none, so both of its modules are left out. */
function isTrampoline({ module }) {
  const names = [...WebAssembly.Module.imports(module), ...WebAssembly.Module.exports(module)].map(
    ({ name }) => name,
  );
  return names.includes('$imports') && names.every((name) => name === '$imports' || /^\d+$/.test(name));
}

/** The adapter's functions are needed before the adapter exists; jco hides this behind its table. */
function findExporter(instances, name) {
  return instances.findIndex(({ exports }) => Object.hasOwn(exports, name));
}

/**
 * @param {Uint8Array} component
 * @returns {Promise<{ modules: Uint8Array[], plan: object }>} `plan.instances[i]` is an instance of `modules[i]`
 */
export async function splitComponent(component) {
  if (Number(process.versions.node.split('.')[0]) < 21)
    setFlagsFromString('--experimental-wasm-extended-const');
  const files = await transpileComponent(component);
  const { instantiate } = await loadScript(files.get(SCRIPT));
  const { instances, origins } = recordLinking(instantiate, (file) => ({
    file,
    compiled: new WebAssembly.Module(files.get(file)),
  }));
  const kept = instances
    .map((instance, index) => ({ ...instance, index }))
    .filter((instance) => !isTrampoline(instance));
  const newIndex = new Map(kept.map(({ index }, position) => [index, position]));

  const modules = [];
  const plan = { instances: [], host: [] };
  const host = new Set();
  for (const instance of kept) {
    const imports = {};
    for (const { module, name } of WebAssembly.Module.imports(instance.module)) {
      const origin = origins.get(instance.imports[module][name]);
      const from = origin && newIndex.get(origin.instance);
      imports[module] ??= [];
      const later = from === undefined ? findExporter(kept, name) : -1;
      if (later >= 0 && !module.includes(':')) {
        imports[module].push([name, later]);
      } else if (from === undefined) {
        host.add(nameHostFunction(module, name));
        imports[module].push([name, nameHostFunction(module, name)]);
      } else {
        imports[module].push(origin.name === name ? [name, from] : [name, from, origin.name]);
      }
    }
    const rewritten = rewriteModule(
      replaceConstant(files.get(instance.file), WRITE_ERROR),
      (module, name) => instance.imports[module][name].value,
    );
    modules.push(rewritten.bytes);
    plan.instances.push({
      imports,
      mutableGlobals: rewritten.mutableGlobals,
      ...(rewritten.memory && { memory: rewritten.memory }),
    });
  }
  plan.host = [...host].sort();
  plan.granularity = findGranularity(kept[0].exports.memory);
  // Only libc receives lists from the host, so its allocator is the only one the host calls.
  plan.allocator = kept.findIndex(
    ({ module, exports }) =>
      'cabi_realloc' in exports &&
      WebAssembly.Module.imports(module).some(({ name }) => name === 'get-directories'),
  );
  plan.entry = newIndex.get(
    origins.get(instances.find(({ exports }) => 'run' in exports).exports.run).instance,
  );
  return { modules, plan };
}
