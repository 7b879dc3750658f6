// sympy and mpmath, which a program finds imported already.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useSandbox } from './sandbox.mjs';

const { print, runResult } = useSandbox({ workers: 1 });

test('equations_are_solved', async () => {
  const code = 'from sympy import symbols, solve\nx=symbols("x")\nprint(solve(x**2-2,x))';
  assert.equal(await print(code), '[-sqrt(2), sqrt(2)]\n');
});

test('integrals_limits_matrices_and_sums_work', async () => {
  const code = `
import sympy as sp
x, n = sp.symbols("x n")
print(sp.integrate(sp.sin(x) ** 2, x), sp.limit(sp.sin(x) / x, x, 0), sp.Matrix([[1, 2], [3, 4]]).det())
print(sp.summation(1 / n**2, (n, 1, sp.oo)), sp.factorint(360), sp.latex(sp.sqrt(x)), sp.dsolve(sp.Function("f")(x).diff(x)))
print(sp.series(sp.exp(x), x, 0, 4), sp.nsolve(x**3 - 2, 1))`;
  const expected = [
    'x/2 - sin(x)*cos(x)/2 1 -2',
    'pi**2/6 {2: 3, 3: 2, 5: 1} \\sqrt{x} Eq(f(x), C1)',
    '1 + x + x**2/2 + x**3/6 + O(x**4) 1.25992104989487',
    '',
  ];
  assert.equal(await print(code), expected.join('\n'));
});

test('mpmath_has_its_version_and_digits', async () => {
  const code = 'import mpmath\nmpmath.mp.dps = 30\nprint(mpmath.__version__, mpmath.pi)';
  assert.equal(await print(code), '1.3.0 3.14159265358979323846264338328\n');
});

test('parts_that_are_not_imported_yet_import', async () => {
  const code =
    'import sympy.physics.mechanics, sympy.crypto.crypto\nprint(sympy.physics.mechanics.ReferenceFrame("N"))';
  assert.equal(await print(code), 'N\n');
});

test('names_found_at_run_time_are_imported_too', async () => {
  assert.equal(
    await print('import importlib\nprint(importlib.import_module("sympy").__version__)'),
    '1.14.0\n',
  );
  assert.equal(await print('def f():\n    from sympy.abc import x\n    return x + 1\nprint(f())'), 'x + 1\n');
});

test('ctypes_is_still_missing', async () => {
  const { stderr } = await runResult('import sympy\nimport ctypes');
  assert.match(stderr, /ModuleNotFoundError: No module named '_?ctypes'\n$/);
});

test('nothing_of_a_run_is_left_in_sympy', async () => {
  await print('import sympy; sympy.leak = 1; sympy.core.cache.clear_cache(); print(1)');
  assert.equal(await print('import sympy; print(hasattr(sympy, "leak"))'), 'False\n');
});

test('a_program_without_sympy_has_an_interpreter_without_it', async () => {
  assert.equal(await print('import sys; print("sym" + "py" in sys.modules)'), 'False\n');
});
