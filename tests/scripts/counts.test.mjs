import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countNode, countRust, judge } from '../../scripts/test/counts.mjs';

const cargoOutput = `
     Running unittests src/lib.rs (target/debug/deps/fencerun-4d2f)

running 3 tests
...
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

     Running tests/laws.rs (target/debug/deps/laws-19aa)

running 2 tests
test split ... FAILED

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
`;

const chromeOutput = `Running headless tests in Chrome on \`http://127.0.0.1:33219/\`
Try find \`webdriver.json\` for configure browser's capabilities:
Ok
running 2 tests
test laws::every_split_equals_the_whole ... ok
test laws::offsets_are_utf_16_units ... ok

test result: ok. 2 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.04s
`;

const chromeWithoutTests = `no tests to run!
`;

const nodeOutput = `✔ adds (0.6ms)
✖ subtracts (0.9ms)
ℹ tests 2
ℹ suites 0
ℹ pass 1
ℹ fail 1
ℹ cancelled 0
ℹ skipped 0
ℹ todo 0
ℹ duration_ms 51.2
`;

test('rust_results_of_all_programs_are_added_up', () => {
  assert.deepEqual(countRust(cargoOutput), { passed: 4, failed: 1 });
});

test('browser_results_count_like_rust_results', () => {
  assert.deepEqual(countRust(chromeOutput), { passed: 2, failed: 0 });
});

test('node_totals_are_read_in_both_reporters', () => {
  assert.deepEqual(countNode(nodeOutput), { passed: 1, failed: 1 });
  assert.deepEqual(countNode(nodeOutput.replaceAll('ℹ', '#')), { passed: 1, failed: 1 });
});

test('a_test_that_prints_totals_of_its_own_adds_nothing', () => {
  assert.deepEqual(countNode(`note: ℹ pass 70\n${nodeOutput}`), { passed: 1, failed: 1 });
});

test('a_check_without_tests_counts_as_one', () => {
  assert.deepEqual(judge({ succeeded: true }), { passed: 1, failed: 0 });
  assert.deepEqual(judge({ succeeded: false }), { passed: 0, failed: 1 });
});

test('a_suite_in_which_no_test_ran_fails_although_its_program_succeeded', () => {
  const counts = countRust(chromeWithoutTests);
  assert.deepEqual(judge({ succeeded: true, counts }), { passed: 0, failed: 1, remark: 'no test ran' });
});

test('a_suite_that_stops_after_passing_tests_fails', () => {
  const counts = { passed: 3, failed: 0 };
  assert.deepEqual(judge({ succeeded: false, counts }), {
    passed: 3,
    failed: 1,
    remark: 'stopped before its end',
  });
});
