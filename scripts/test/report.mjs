// The summary of a test run: a table and the totals.

/** The lines of the summary for results of `{ name, seconds, passed, failed, remark }`. */
export function describeResults(results) {
  const width = Math.max(...results.map(({ name }) => name.length));
  const rows = results.map(({ name, seconds, passed, failed, remark }) => {
    const verdict = failed > 0 ? 'FAILED' : 'ok';
    const counts = `${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed`;
    const line = `${name.padEnd(width)}  ${verdict.padEnd(6)} ${counts} ${seconds.toFixed(1).padStart(8)} s`;
    return remark ? `${line}  ${remark}` : line;
  });
  const { passed, failed } = addUp(results);
  return [...rows, '', `${passed} passed, ${failed} failed`];
}

/** The totals over all sections. */
export function addUp(results) {
  return results.reduce(
    (total, { passed, failed }) => ({ passed: total.passed + passed, failed: total.failed + failed }),
    { passed: 0, failed: 0 },
  );
}
