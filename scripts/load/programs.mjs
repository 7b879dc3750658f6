// The programs of the load test: ordinary ones, and ones that mean harm.

/** A program whose output no other one has. */
export function makeOrdinary(index) {
  const body = JSON.stringify({ code: `print(${index} * 3)`, language: 'python' });
  const expected = `${index * 3}\n`;
  const check = ({ status, message, run_result }) => {
    if (status === 'Success' && run_result.stdout === expected) return undefined;
    return `expected ${JSON.stringify(expected)}, got ${status} ${message} ${JSON.stringify(run_result)?.slice(0, 300)}`;
  };
  return { body, check };
}

const hostile = [
  { name: 'endless loop', code: 'while True: pass', run_timeout: 1, expected: 'TimeLimitExceeded' },
  { name: 'memory bomb', code: 'x = []\nwhile True: x.append(bytearray(1 << 20))', expected: 1 },
  { name: 'fork', code: 'import os\nwhile True: os.fork()', expected: 1 },
  { name: '100 MB of output', code: 'for _ in range(100): print("x" * 1_000_000)', expected: 0 },
  { name: 'abrupt end', code: 'import os\nos._exit(7)', expected: 7 },
  { name: 'big number', code: 'print(9 ** 9 ** 9)', run_timeout: 1, expected: 'TimeLimitExceeded' },
];

/** One program in eight means harm; each must end as it does by itself. */
export function makeMixed(index) {
  if (index % 8 !== 7) return makeOrdinary(index);
  const { name, code, run_timeout = 10, expected } = hostile[((index - 7) / 8) % hostile.length];
  const check = ({ status, message, run_result }) => {
    const found = run_result?.return_code ?? run_result?.status ?? `${status} ${message}`;
    return found === expected ? undefined : `${name}: expected ${expected}, got ${found}`;
  };
  return { body: JSON.stringify({ code, language: 'python', run_timeout }), check };
}
