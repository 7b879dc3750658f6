// Tool calls in the rollout viewer: in every format they are cards with their arguments, and their code runs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { openPage, press, startViewer, untilOpen, writeVerl } from './viewer.mjs';

let viewer;
before(async () => {
  viewer = await startViewer();
});
after(() => viewer?.close());

/** The recorded inputs and outputs of the parsers of verl (see `tests/vectors/README.md`), by the format that each reads. */
const PARSERS = {
  hermes: 'verl_new_hermes',
  'gpt-oss': 'verl_gpt_oss',
  qwen3_coder: 'verl_new_qwen3_coder',
  glm: 'verl_new_glm',
  seed: 'verl_new_seed',
  minimax: 'verl_new_minimax',
  kimi: 'verl_new_kimi',
  deepseek_v4: 'verl_new_deepseek_v4',
  gemma4: 'verl_new_gemma4',
};

/** What an original made of texts that have one call, whose arguments are texts by name. */
function readVectors(name) {
  const text = readFileSync(new URL(`../vectors/semantics/${name}.jsonl`, import.meta.url), 'utf8');
  const isText = (value) => typeof value === 'string' && value.trim() !== '' && !/[\r\p{Cc}]/u.test(value);
  return text
    .trimEnd()
    .split('\n')
    .map(JSON.parse)
    .flatMap(({ input, output }) => {
      const [call, ...others] = output?.tool_calls ?? [];
      if (!call || others.length > 0 || input.trim() !== input || call.name.trim() === '') return [];
      // A name that the original found by its tools does not stand in the text, and some arguments are no JSON.
      const given = input.includes(call.name) ? parse(call.arguments) : null;
      const values = Object.values(given ?? {});
      return values.length > 0 && values.every(isText) ? [{ input, name: call.name, given }] : [];
    });
}

/** The value of a JSON text; `null` for any other text. */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The cards of tool calls: the name of the tool, the format, and what it is given by name. */
const readCards = (page) =>
  page.$$eval('.step .card', (cards) =>
    cards.map((card) => {
      const named = [...card.querySelectorAll('.arguments > div')].map((one) =>
        [...one.children].map(({ textContent }) => textContent),
      );
      const code = card.querySelector('pre.code')?.textContent;
      return {
        name: card.querySelector('.title strong').textContent,
        format: card.querySelector('.title .facts').textContent,
        given: Object.fromEntries(code === undefined ? named : [['code', code], ...named]),
      };
    }),
  );

for (const [format, name] of Object.entries(PARSERS)) {
  test(`a call of ${format} is a card with what the original reads`, async () => {
    const vectors = readVectors(name).slice(0, 4);
    assert.ok(vectors.length > 0);
    const page = await openPage(
      viewer,
      vectors.map(({ input }) => writeVerl({ output: input })),
    );
    for (const [place, { name: tool, given }] of vectors.entries()) {
      if (place > 0) await press(page, 'j');
      await untilOpen(page, place + 1);
      assert.deepEqual(await readCards(page), [{ name: tool, format, given }]);
    }
  });
}

const code = 'print(6 * 7)';
const json = (value) => JSON.stringify(value);

/** The same call in every format. */
const CALLS = {
  hermes: `<tool_call>\n${json({ name: 'python', arguments: { code } })}\n</tool_call>`,
  'gpt-oss': `<|start|>assistant<|channel|>commentary to=functions.python <|constrain|>json<|message|>${json({ code })}<|call|>`,
  qwen3_coder: `<tool_call>\n<function=python>\n<parameter=code>\n${code}\n</parameter>\n</function>\n</tool_call>`,
  glm: `<tool_call>python\n<arg_key>code</arg_key>\n<arg_value>${code}</arg_value>\n</tool_call>`,
  seed: `<seed:tool_call>\n<function=python>\n<parameter=code>${code}</parameter>\n</function>\n</seed:tool_call>`,
  minimax: `<minimax:tool_call>\n<invoke name="python">\n<parameter name="code">${code}</parameter>\n</invoke>\n</minimax:tool_call>`,
  kimi: `<|tool_calls_section_begin|><|tool_call_begin|>functions.python:0<|tool_call_argument_begin|>${json({ code })}<|tool_call_end|><|tool_calls_section_end|>`,
  deepseek_v4: `<｜DSML｜tool_calls>\n<｜DSML｜invoke name="python">\n<｜DSML｜parameter name="code" string="true">${code}</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>`,
  gemma4: `<|tool_call>call:python{code:<|"|>${code}<|"|>}<tool_call|>`,
  deepseek_r1: `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>python\n\`\`\`json\n${json({ code })}\n\`\`\`<｜tool▁call▁end｜><｜tool▁calls▁end｜>`,
  roll_qwen3_coder: `<function=python><parameter=code>${code}</parameter></function>`,
};

test('the code of a call runs in every format, and its observation is compared', async () => {
  const recorded = Object.keys(CALLS).map((format) => (format === 'kimi' ? '41' : '42'));
  const page = await openPage(
    viewer,
    Object.values(CALLS).map((call, place) =>
      writeVerl({ output: `I run it.\n${call}\ntool\n${recorded[place]}\nassistant\nDone.` }),
    ),
  );
  await press(page, 'A');
  await page.waitForSelector('.replay[data-state="done"]');
  const count = recorded.length;
  assert.match(
    await page.textContent('.replay'),
    new RegExp(`${count} programs · identical ${count - 1} of ${count}`),
  );
  await press(page, 'D');
  await page.waitForSelector('.observation.differs');
  assert.equal(await page.textContent('.card.runs .title .facts'), 'kimi');
  assert.match(await page.textContent('.observation.differs'), /41.*42/s);
});

test('calls that cannot be read or are cut short say so', async () => {
  const page = await openPage(viewer, [
    writeVerl({ output: 'Now:\n<tool_call>\n{"name": "python", "arguments": {"code": "1}\n</tool_call>' }),
    writeVerl({ output: 'Now:\n<tool_call>\n{"name": "python", "arguments": {"code": "print(' }),
  ]);
  const readFault = () =>
    page.$eval('.card.faulty', (card) => [
      card.querySelector('.fact').textContent,
      card.querySelector('pre').textContent,
    ]);
  const [fault, text] = await readFault();
  assert.match(fault, /^it cannot be read: Invalid control character at/);
  assert.equal(text, '<tool_call>\n{"name": "python", "arguments": {"code": "1}\n</tool_call>');
  await press(page, 'j');
  await untilOpen(page, 2);
  assert.deepEqual(await readFault(), [
    'the text ends in it',
    '<tool_call>\n{"name": "python", "arguments": {"code": "print(',
  ]);
});

test('each of several calls that a log keeps apart is a card with its own observation', async () => {
  const call = (id, name, given) => ({ id, function: { name, arguments: json(given) } });
  const line = json({
    messages: [
      { role: 'user', content: 'q' },
      {
        role: 'assistant',
        content: 'Both.',
        tool_calls: [
          call('a', 'python', { code: 'print(1)', timeout: 5 }),
          call('b', 'python', { code: 'print(2)' }),
          call('c', 'search', { query: 'x' }),
        ],
      },
      { role: 'tool', tool_call_id: 'b', content: '2' },
      { role: 'tool', tool_call_id: 'a', content: '1' },
      { role: 'tool', tool_call_id: 'c', content: 'found' },
    ],
  });
  const page = await openPage(viewer, `${line}\n`);
  assert.deepEqual(
    (await readCards(page)).map(({ name, given }) => [name, given]),
    [
      ['python', { code: 'print(1)', timeout: '5' }],
      ['python', { code: 'print(2)' }],
      ['search', { query: 'x' }],
    ],
  );
  await press(page, 'R');
  await page.waitForFunction(() => document.querySelectorAll('.observation.same').length === 2);
  const observations = await page.$$eval('.observation.recorded pre', (all) =>
    all.map(({ textContent }) => textContent),
  );
  assert.deepEqual(observations, ['1', '2', 'found']);
});

test('a profile of arguments is compared by the calls, or says why not', async () => {
  const page = await openPage(viewer, [
    writeVerl({ output: `See:\n${CALLS.glm.replace(code, '```python\n6 * 7\n```')}` }),
    writeVerl({ output: '```python\nprint(1)\n```' }),
  ]);
  const answer = async () => {
    await page.waitForSelector('.compare table');
    return page.$$eval('.compare tr', (rows) => {
      const row = rows.find((one) => one.querySelector('th').textContent.includes('verl/retool'));
      return row.querySelector('td').textContent;
    });
  };
  await press(page, 'c');
  assert.equal(await answer(), 'print(6 * 7)');
  await press(page, 'j');
  await untilOpen(page, 2);
  assert.equal(await answer(), 'nothing: it reads the argument of a tool call, and there is none');
});

test('a framework that runs several programs of a step has them all run', async () => {
  const block = (text) => `\`\`\`python\n${text}\n\`\`\`\n`;
  const texts = [block('print(1)') + block('print(2)'), block('print(3)\n1 / 0') + block('print(4)')];
  const log = texts.map((output, place) =>
    writeVerl({ output: `${output}tool\n${place === 0 ? '1\n2' : '3'}\nassistant\nDone.` }),
  );
  const page = await openPage(viewer, log);
  await page.selectOption('[name="profile"]', 'autogen');
  await press(page, 'Escape W');
  await page.waitForSelector('.card.runs .fate.runs');
  assert.equal(await page.$$eval('.card.runs', (cards) => cards.length), 2);
  await press(page, 'r');
  await page.waitForSelector('.observation.same');
  await press(page, 'j');
  await untilOpen(page, 2);
  await press(page, 'r');
  // The second does not run after one that fails.
  await page.waitForSelector('.observation.differs');
  const observed = await page.textContent('.observation.differs');
  assert.match(observed, /ZeroDivisionError/);
  assert.doesNotMatch(observed, /4\n?$/);
});

test('the page never complained', () => {
  assert.deepEqual(viewer.complaints, []);
});
