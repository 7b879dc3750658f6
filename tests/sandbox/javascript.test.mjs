// JavaScript prints what Node prints: the expected text comes from running Node on the same program.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { useSandbox } from './sandbox.mjs';

const { runResult } = useSandbox();
let directory;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fencerun-javascript-'));
});
after(() => rm(directory, { recursive: true }));

async function runNode(code, stdin) {
  const path = join(directory, `main-${Math.random()}.cjs`);
  await writeFile(path, code);
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [path], (error, stdout, stderr) => {
      resolve({
        stdout,
        stderr: stderr.replaceAll(path, '/sandbox/main.js'),
        return_code: error ? error.code : 0,
      });
    });
    child.stdin.end(stdin);
  });
}

const SAME_AS_NODE = {
  plain_values:
    'console.log(1, -0, 1.5, NaN, Infinity, 10n, true, null, undefined, "text", Symbol("s"), Symbol.iterator)',
  arrays:
    'console.log([], [1, 2], ["a", \'b"\', "it\'s"], [[]], [[[[1]]]], [undefined, null], [, 1, , ,], new Array(3))',
  objects: 'console.log({}, { a: 1, "b-c": 2, 3: 4 }, { a: { b: { c: { d: 1 } } } }, Object.create(null))',
  strings_in_objects: String.raw`console.log({ a: 'x\ny', b: "it's", c: 'say "hi"', d: 'both \' and "', e: '\u0001\t\\', f: 'é世界😀' })`,
  long_objects:
    'console.log({ alpha: "aaaaaaaaaaaaaaaaaaaa", beta: "bbbbbbbbbbbbbbbbbbbb", gamma: "cccccccccccccccccc", delta: 1 })',
  just_fitting:
    'for (let n = 50; n < 80; n++) console.log({ a: "x".repeat(n) }, ["y".repeat(n)], { b: { c: ["z".repeat(n - 20), 1] } })',
  nested_lists:
    'console.log({ users: [{ id: 1, name: "Ada", tags: ["x", "y"] }, { id: 2, name: "Bob", tags: [] }], total: 2 })',
  many_numbers:
    'console.log(Array.from({ length: 120 }, (_, i) => i), Array.from({ length: 27 }, (_, i) => i * 1000))',
  many_strings:
    'console.log(Array.from({ length: 30 }, (_, i) => "item" + i), Array.from({ length: 7 }, (_, i) => "x".repeat(i)))',
  mixed_long_array: 'console.log([1, "two", 3, "four", 5, "six", 7, "eight", { nine: 9 }, [10]])',
  matrix:
    'console.log([[1, 2, 3], [4, 5, 6], [7, 8, 9]], Array.from({ length: 8 }, (_, i) => Array(8).fill(i)))',
  collections:
    'console.log(new Map([["a", 1], [{ k: 1 }, [2]]]), new Set([1, "a", { b: 2 }]), new Map(), new Set(), new WeakMap(), new WeakSet())',
  long_collections:
    'console.log(new Map(Array.from({ length: 12 }, (_, i) => ["key" + i, i])), new Set(Array.from({ length: 40 }, (_, i) => i)))',
  typed_arrays:
    'console.log(new Uint8Array([1, 2, 3]), new Float64Array(2), new BigInt64Array(1), new Uint8Array(0))',
  functions:
    'console.log(() => 1, function named() {}, class A {}, class B extends Array {}, async () => {}, function* g() {}, Math.max, [() => {}], { f() {} })',
  function_with_properties: 'function f() {} f.a = 1; console.log(f, { f })',
  classes:
    'class P { constructor() { this.x = 1 } } class Q extends P { #z = 1; get y() { return 2 } } console.log(new P(), new Q(), [new P()], { p: new Q() }, new (class {})())',
  tags_and_accessors: 'console.log({ get a() { return 1 }, set b(v) {}, get c() { return 1 }, set c(v) {} })',
  dates_and_patterns: 'console.log(new Date(0), [new Date(86400000)], /a+/gi, { r: /x/ }, new Date(NaN))',
  boxed:
    'console.log(new Number(3), new String("abc"), new Boolean(false), Object(1n), Object(Symbol("q")), [new String("x")])',
  circular:
    'const a = { name: "a" }; a.self = a; a.list = [a, { a }]; console.log(a); const l = [1]; l.push(l); console.log(l)',
  promises:
    'console.log(Promise.resolve(1), new Promise(() => {}), (async () => {})(), [Promise.resolve([1])])',
  global_objects: 'console.log(Math, JSON, Symbol, Reflect)',
  arguments_object: '(function () { console.log(arguments) })(1, "a")',
  format_directives:
    'console.log("%s %d %i %f %j %o %O %% %c|", "a", 1.5, 1.9, "2.5", { a: 1 }, [1], { b: { c: {} } }, "css", "rest", { r: 1 }); console.log("%s", null, undefined, 5n, Symbol("x"), { a: { b: 1 } }, [1, [2]], () => 1, class A {}); console.log("100%", 1, "%d", "5"); console.log("%s"); console.log("%x", 1)',
  extra_array_properties:
    'const a = [1, 2]; a.name = "x"; a[-1] = 3; console.log(a, Object.assign([], { k: 1 }))',
  errors_in_objects:
    'const e = new Error("boom"); e.stack = "Error: boom\\n    at somewhere"; console.log({ e }, [e]); const f = new TypeError("no"); f.stack = undefined; console.log(String(f), f.message, f.name)',
  errors_have_headings:
    'console.log(new Error("a b").stack.split("\\n")[0]); class E extends Error {} console.log(new E("x").stack.split("\\n")[0], new E("y") instanceof E, String(new RangeError("r"))); try { null.x } catch (e) { console.log(e instanceof TypeError, e.name) }',
  custom_inspect:
    'const util = require("util"); console.log({ [util.inspect.custom]() { return "<custom>" } }, util.inspect({ a: { b: { c: { d: 1 } } } }, { depth: 0 }), util.inspect("s"), util.format("%s-%d", "a", 2)); console.dir({ a: { b: { c: { d: 1 } } } }, { depth: null })',
  groups:
    'console.group("one"); console.log("a\\nb"); console.group(); console.log({ x: 1 }); console.groupEnd(); console.groupEnd(); console.log("out")',
  tables:
    'console.table([{ a: 1, b: "x" }, { a: 2, c: true }]); console.table([[1, 2], [3, 4]]); console.table(5); console.table(["p", "q"]); console.table(new Map([["k", 1]])); console.table([{ a: 1, b: 2 }], ["b"])',
  counts_and_assertions:
    'console.count(); console.count("x"); console.count(); console.countReset(); console.count(); console.assert(true, "no"); console.assert(false, "yes %d", 1); console.assert(false)',
  order_of_tasks:
    'setTimeout(() => console.log("timeout"), 100); setImmediate(() => console.log("immediate")); process.nextTick(() => console.log("tick")); Promise.resolve().then(() => console.log("promise")).then(() => process.nextTick(() => console.log("tick 2"))); queueMicrotask(() => console.log("microtask")); console.log("main")',
  timers:
    'let n = 0; const i = setInterval(() => { console.log(++n); if (n === 3) clearInterval(i) }, 2); const t = setTimeout(() => console.log("never"), 1); clearTimeout(t); setTimeout((a, b) => console.log(a, b), 300, "x", "y")',
  async_functions:
    'const wait = (ms) => new Promise((r) => setTimeout(r, ms)); (async () => { for (const x of [1, 2]) { await wait(1); console.log(x) } return "end" })().then(console.log)',
  streams: 'process.stdout.write("no newline"); process.stderr.write("err"); process.stdout.write("\\n")',
  exit_code: 'process.exitCode = 3; process.on("exit", (code) => console.log("exit", code))',
  exit_now:
    'process.on("exit", (code) => console.log("bye", code)); try { process.exit(4) } finally { console.log("not reached") }',
  caught_rejection:
    'const p = Promise.reject(new Error("x")); p.catch((e) => console.log("caught", e.message)); (async () => { try { await Promise.reject(1) } catch (e) { console.log(e) } })()',
  commonjs:
    'module.exports = 1; console.log(typeof require, typeof exports, typeof __filename, this === exports, require.main === module)',
  modern_syntax:
    'const { a, ...rest } = { a: 1, b: 2, c: 3 }; console.log(a, rest, [3, 1, 2].toSorted?.(), [1, [2, [3]]].flat(Infinity), "a-b".replaceAll("-", "+"), 2 ** 10, null ?? "d", Array.from("héllo").at(-1))',
  shebang: '#!/usr/bin/env node\nconsole.log("ran")',
  escapes: String.raw`console.log(["\0\b\f\r\v\x1b\x7f\u200b\ud800", '\x9f'])`,
  long_strings_in_arrays:
    'console.log(["line one\\nline two " + "x".repeat(80)], { text: "word ".repeat(30) })',
  wide_characters: 'console.log(Array.from({ length: 10 }, (_, i) => "世".repeat(i % 3 + 1)))',
};

for (const [name, code] of Object.entries(SAME_AS_NODE)) {
  test(`${name}_are_printed_as_by_node`, async () => {
    const [expected, result] = await Promise.all([
      runNode(code, ''),
      runResult(code, { language: 'nodejs' }),
    ]);
    const { stdout, stderr, return_code } = result;
    assert.deepEqual({ stdout, stderr, return_code }, expected);
  });
}

/** Later versions of Node show these in another way; the sandbox shows them as SandboxFusion's Node 20 does. */
const AS_NODE_20 = {
  'console.log({ [Symbol("k")]: 5 })': '{ [Symbol(k)]: 5 }\n',
  'console.log(new ArrayBuffer(2))': 'ArrayBuffer { [Uint8Contents]: <00 00>, byteLength: 2 }\n',
  'console.log({ [Symbol.toStringTag]: "T" })': "{ [Symbol(Symbol.toStringTag)]: 'T' }\n",
};

for (const [code, expected] of Object.entries(AS_NODE_20)) {
  test(`printed_as_by_node_20: ${code}`, async () => {
    assert.equal((await runResult(code, { language: 'nodejs' })).stdout, expected);
  });
}

const READING_STDIN = {
  all_at_once: 'console.log(require("fs").readFileSync(0, "utf8").split("\\n"))',
  by_events:
    'let s = ""; process.stdin.setEncoding("utf8"); process.stdin.on("data", (c) => (s += c)); process.stdin.on("end", () => console.log(s.toUpperCase()))',
  by_iteration:
    '(async () => { let s = ""; for await (const c of process.stdin) s += c; console.log(s.length) })()',
  by_lines:
    'const rl = require("readline").createInterface({ input: process.stdin }); const l = []; rl.on("line", (x) => l.push(x)); rl.on("close", () => console.log(l))',
  by_line_iteration:
    '(async () => { for await (const line of require("readline").createInterface({ input: process.stdin })) console.log(line) })()',
  by_question:
    'const rl = require("readline").createInterface({ input: process.stdin, output: process.stdout }); rl.question("first? ", (a) => rl.question("second? ", (b) => { console.log(a, b); rl.close() }))',
};

for (const [name, code] of Object.entries(READING_STDIN)) {
  test(`stdin_is_read_${name}`, async () => {
    const stdin = 'one two\nthree\n\nfive\n';
    const [expected, result] = await Promise.all([
      runNode(code, stdin),
      runResult(code, { language: 'nodejs', stdin }),
    ]);
    assert.deepEqual(
      { stdout: result.stdout, return_code: result.return_code },
      { stdout: expected.stdout, return_code: 0 },
    );
  });
}

/** Line numbers, source line and heading of an uncaught error; the frames below and Node's version are its own. */
const readHead = (stderr) => stderr.split('\n    at ')[0];

for (const [name, code] of Object.entries({
  error: 'console.log(1);\nfunction f() {\n  throw new Error("x");\n}\nf();',
  subclass: 'class MyError extends Error {}\nthrow new MyError("mine")',
  rejection: 'async function main() {\n  throw new RangeError("late");\n}\nmain();',
  rejection_in_a_chain: 'Promise.resolve().then(() => {\n  throw new Error("chained");\n});',
  error_in_a_timer: 'setTimeout(() => {\n  throw new Error("timer");\n}, 1);',
})) {
  test(`uncaught_${name}_has_the_head_of_node`, async () => {
    const [expected, result] = await Promise.all([
      runNode(code, ''),
      runResult(code, { language: 'nodejs' }),
    ]);
    assert.equal(readHead(result.stderr), readHead(expected.stderr));
    assert.equal(result.stdout, expected.stdout);
    assert.equal(result.return_code, 1);
    assert.doesNotMatch(result.stderr, /Node\.js v/);
    assert.match(result.stderr, /\n {4}at .*\(\/sandbox\/main\.js:\d+:\d+\)\n/);
  });
}

test('a_syntax_error_shows_its_line', async () => {
  const { stderr, return_code } = await runResult('let a = 1;\nlet x = ;', { language: 'nodejs' });
  assert.match(stderr, /^\/sandbox\/main\.js:2\nlet x = ;\n {8}\^\n\nSyntaxError: /);
  assert.equal(return_code, 1);
});

test('stdin_is_read_by_path', async () => {
  const code = 'console.log(require("node:fs").readFileSync("/dev/stdin").toString().length)';
  assert.equal((await runResult(code, { language: 'nodejs', stdin: 'five\n' })).stdout, '5\n');
});

test('files_are_read_and_written', async () => {
  const code =
    'const fs = require("fs"); fs.writeFileSync("out.txt", fs.readFileSync("in.txt", "utf8") + "!"); fs.appendFileSync("out.txt", "?"); console.log(fs.existsSync("nope")); try { fs.readFileSync("nope") } catch (e) { console.log(e.code, e.message) }';
  const { sandbox } = useSandbox();
  const response = await sandbox.runCode({
    code,
    language: 'nodejs',
    files: { 'in.txt': btoa('hey') },
    fetch_files: ['out.txt'],
  });
  assert.equal(response.run_result.stdout, "false\nENOENT ENOENT: no such file or directory, open 'nope'\n");
  assert.deepEqual(response.files, { 'out.txt': btoa('hey!?') });
});
