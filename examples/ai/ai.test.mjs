import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import * as ai7 from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import * as ai5 from 'ai-5';
import { MockLanguageModelV2 } from 'ai-5/test';
import * as ai6 from 'ai-6';
import { MockLanguageModelV3 } from 'ai-6/test';
import { codeTool } from 'fencerun/ai';
import { testCodeTool } from '../shared/suite.mjs';
import { solve } from './ai.mjs';

const tokens = { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0, text: 1, reasoning: 0 };

/** What differs between the versions for a scripted model. */
const versions = [
  {
    name: 'AI SDK 5',
    sdk: ai5,
    Model: MockLanguageModelV2,
    stopWhen: ai5.stepCountIs(2),
    usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
    finish: (reason) => reason,
  },
  {
    name: 'AI SDK 6',
    sdk: ai6,
    Model: MockLanguageModelV3,
    stopWhen: ai6.stepCountIs(2),
    usage: { inputTokens: tokens, outputTokens: tokens },
    finish: (unified) => ({ unified, raw: unified }),
  },
  {
    name: 'AI SDK 7',
    sdk: ai7,
    Model: MockLanguageModelV4,
    stopWhen: ai7.isStepCount(2),
    usage: { inputTokens: tokens, outputTokens: tokens },
    finish: (unified) => ({ unified, raw: unified }),
  },
];

/** A model that calls the tool once and then says `done`. */
function script({ Model, usage, finish }, args) {
  const call = { type: 'tool-call', toolCallId: '1', toolName: 'run_code', input: JSON.stringify(args) };
  const turn = (content, reason) => ({
    content: [content],
    finishReason: finish(reason),
    usage,
    warnings: [],
  });
  const turns = [turn(call, 'tool-calls'), turn({ type: 'text', text: 'done' }, 'stop')];
  const asParts = ({ content: [part], finishReason }) => [
    ...(part.type === 'text'
      ? [
          { type: 'text-start', id: 't' },
          { type: 'text-delta', id: 't', delta: part.text },
          { type: 'text-end', id: 't' },
        ]
      : [part]),
    { type: 'finish', finishReason, usage },
  ];
  const doStream = turns.map((one) => ({ stream: ReadableStream.from(asParts(one)) }));
  return new Model({ doGenerate: turns, doStream });
}

/** What the model was given in its second turn. */
function readAnswer([first, second]) {
  const [{ name, inputSchema }] = first.tools;
  const { type, value } = second.prompt.at(-1).content[0].output;
  return { text: value, isError: type === 'error-text', shown: { name, parameters: inputSchema } };
}

for (const version of versions) {
  const { name, sdk, stopWhen } = version;

  testCodeTool(name, async ({ args, options, signal }) => {
    const model = script(version, args);
    const tools = { run_code: codeTool(options) };
    const { text } = await sdk.generateText({ model, tools, prompt: 'go', stopWhen, abortSignal: signal });
    assert.equal(text, 'done');
    return readAnswer(model.doGenerateCalls);
  });

  test(`${name}: output is streamed as preliminary results`, async () => {
    const sandbox = {
      languages: ['python'],
      async runCode(_request, { onOutput }) {
        onOutput('stdout', 'a\n');
        await new Promise(setImmediate);
        onOutput('stdout', 'b\n');
        await new Promise(setImmediate);
        const phase = { status: 'finished', executionTimeMs: 1, exitCode: 0, stderr: '' };
        const run = { ...phase, stdout: 'a\nb\n', stdoutTruncated: false, stderrTruncated: false };
        return { status: 'success', message: '', compile: null, run, executorPodName: null, files: {} };
      },
    };
    const model = script(version, { code: 'print("a")' });
    const tools = { run_code: codeTool({ sandbox }) };
    const seen = [];
    for await (const part of sdk.streamText({ model, tools, prompt: 'go', stopWhen }).fullStream) {
      if (part.type === 'tool-result')
        seen.push([part.preliminary === true, part.output.status, part.output.observation]);
    }
    const last = ['success', 'a\nb\n'];
    assert.deepEqual(seen, [
      [true, 'running', 'a\n'],
      [true, 'running', 'a\nb\n'],
      [true, ...last],
      [false, ...last],
    ]);
    assert.equal(readAnswer(model.doStreamCalls).text, 'a\nb\n');
  });
}

test('a preliminary result shows the end of a long output, and to stop reading stops the run', async () => {
  let stopped;
  const sandbox = {
    languages: ['python'],
    runCode: (_request, { signal, onOutput }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          stopped = true;
          reject(signal.reason);
        });
        onOutput('stdout', '😀'.repeat(3000));
        onOutput('stdout', 'x');
      }),
  };
  for await (const { status, observation } of codeTool({ sandbox }).execute({ code: '' }, {})) {
    assert.equal(status, 'running');
    assert.equal(observation, `${'😀'.repeat(2047)}x`);
    break;
  }
  assert.equal(stopped, true);
});

/** A session over this machine's own commands, in a folder. */
function openSession(folder) {
  const place = (path) => join(folder, path);
  const write = async ({ path, content }) => {
    mkdirSync(dirname(place(path)), { recursive: true });
    writeFileSync(place(path), content);
  };
  const run = ({ command, workingDirectory = '.', abortSignal }) =>
    new Promise((resolve, reject) => {
      const options = { cwd: place(workingDirectory), signal: abortSignal, encoding: 'utf8' };
      const child = execFile('sh', ['-c', `exec ${command}`], options, (error, stdout, stderr) => {
        if (error?.name === 'AbortError') reject(error);
        else resolve({ exitCode: child.exitCode, stdout, stderr });
      });
    });
  return {
    description: 'a folder',
    run,
    writeTextFile: write,
    writeBinaryFile: write,
    readBinaryFile: async ({ path }) => readFileSync(place(path)),
  };
}

test('a program runs in the sandbox session that a call brings', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fencerun-session-'));
  const ask = async (code, options) => {
    const model = script(versions[2], { code });
    const tools = { run_code: codeTool({ session: true, ...options }) };
    const experimental_sandbox = openSession(folder);
    await ai7.generateText({
      model,
      tools,
      prompt: 'go',
      stopWhen: ai7.isStepCount(2),
      experimental_sandbox,
    });
    return readAnswer(model.doGenerateCalls).text;
  };
  try {
    const request = { stdin: 'in', files: { 'a.txt': 'file' } };
    const code = 'import sys\nprint(input(), open("a.txt").read(), sys.platform)\nsys.exit(3)';
    assert.equal(await ask(code, { request }), `in file ${process.platform}\n`);
    assert.match(await ask('1/0'), /ZeroDivisionError: division by zero\n$/);
    assert.equal(await ask('while True: pass', { request: { runTimeoutMs: 300 } }), '');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the example answers with what the model says after the run', async () => {
  const model = script(versions[2], { code: 'print(1)' });
  assert.equal(await solve(model, 'What is one?'), 'done');
});
