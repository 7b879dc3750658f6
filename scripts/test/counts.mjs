// How many tests ran, read from what the test programs print.

/** Adds up the result lines of `cargo test` and wasm-bindgen's runner, one a test program. */
export function countRust(output) {
  return addUp(output.matchAll(/^test result: .*?(\d+) passed; (\d+) failed;/gm));
}

/** The totals at the end of `node --test`, in the reporters `spec` (ℹ) and `tap` (#). */
export function countNode(output) {
  const read = (name) => Number(new RegExp(`^[ℹ#] ${name} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  return { passed: read('pass'), failed: read('fail') + read('cancelled') };
}

/** The last line of `npm run vectors`. */
export function countVectors(output) {
  const [passed, total] = /^total (\d+)\/(\d+)/m.exec(output)?.slice(1).map(Number) ?? [0, 0];
  return { passed, failed: total - passed };
}

function addUp(matches) {
  const total = { passed: 0, failed: 0 };
  for (const [, passed, failed] of matches) {
    total.passed += Number(passed);
    total.failed += Number(failed);
  }
  return total;
}

/**
 * What a section adds to the totals: a section that counts nothing is one check, and a section that broke without
 * naming a failed test, or that found no test to run, is one failure.
 */
export function judge({ succeeded, counts }) {
  if (!counts) return { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1 };
  const { passed, failed } = counts;
  if (passed + failed === 0) return { passed, failed: 1, remark: succeeded ? 'no test ran' : undefined };
  if (!succeeded && failed === 0) return { passed, failed: 1, remark: 'stopped before its end' };
  return { passed, failed };
}
