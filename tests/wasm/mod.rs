//! Laws of the bindings, which hold in every runtime. What a server says comes from exchanges
//! that were recorded from a real `SandboxFusion` (commit 469de0845cb7).

use fencerun::python::fixed::fixed;
use fencerun::python::float::{parse_float, repr, whole_digits};
use fencerun::wasm;
use js_sys::{Function, JSON, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

/// The answer to `print("hello")`, as recorded.
const HELLO: &str = r#"{"status": "Success", "message": "", "compile_result": null, "run_result": {"status": "Finished", "execution_time": 0.018620014190673828, "return_code": 0, "stdout": "hello\n", "stderr": ""}, "executor_pod_name": null, "files": {}}"#;

fn get(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, name| {
        Reflect::get(&value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
    })
}

fn text(value: &JsValue, path: &str) -> String {
    get(value, path)
        .as_string()
        .unwrap_or_else(|| format!("{:?}", get(value, path)))
}

fn number(value: &JsValue, path: &str) -> f64 {
    get(value, path).as_f64().unwrap_or(f64::NAN)
}

fn parse(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

#[wasm_bindgen_test]
fn numbers_are_rounded_as_by_the_standard_library() {
    for step in (0..2_000_u32).map(f64::from) {
        // Of eighths and thirty-seconds, some lie just between two numbers of so many decimals.
        for value in [step / 8.0, -step / 32.0, step * 0.000_371, step * 1e20] {
            assert_eq!(fixed(value, 2), format!("{value:.2}"), "{value:e}");
            assert_eq!(fixed(value, 4), format!("{value:.4}"), "{value:e}");
        }
        let whole = format!("{:.0}", step * 1e20);
        assert_eq!(whole_digits(step * 1e20), Some(whole), "{step}");
    }
}

#[wasm_bindgen_test]
fn numbers_are_read_and_written_as_by_the_standard_library() {
    // Where the distance to the next number changes.
    for exponent in 1..2047_u64 {
        for bits in [exponent << 52, (exponent << 52) - 1, (exponent << 52) + 1] {
            let value = f64::from_bits(bits);
            if value.is_finite() {
                assert_eq!(repr(value).parse(), Ok(value), "{value:e}");
                assert_eq!(
                    parse_float(&format!("{value:.1100}")),
                    Some(value),
                    "{value:e}"
                );
            }
        }
    }
    // Between two that are equally near, CPython 3.11 writes the even one, the standard library the larger.
    assert_eq!(repr(2_f64.powi(-25)), "2.9802322387695312e-08");
}

#[wasm_bindgen_test]
fn spans_are_in_utf16_units() {
    let source = "é😀\n```python\nprint('😀')\n```\n";
    let mut scanner = wasm::BlockScanner::new(0);
    let address = scanner.reserve(source.len());
    let write = Function::new_with_args(
        "memory, address, text",
        "return new TextEncoder().encodeInto(text, new Uint8Array(memory.buffer, address)).written",
    );
    let address = JsValue::from_f64(f64::from(address as u32));
    let written = write.call3(
        &JsValue::NULL,
        &wasm_bindgen::memory(),
        &address,
        &source.into(),
    );
    assert_eq!(written.unwrap().as_f64(), Some(35.0));
    assert_eq!(scanner.scan(source.len(), 0), 1);
    let numbers = Function::new_with_args(
        "memory, address",
        "return [...new Uint32Array(memory.buffer, address, 11)].join()",
    );
    let address = JsValue::from_f64(f64::from(scanner.numbers() as u32));
    let numbers = numbers
        .call2(&JsValue::NULL, &wasm_bindgen::memory(), &address)
        .unwrap();
    // Closed, code cut out, a lang; no container, no repair; then block, code, info and lang. In
    // UTF-16 the emoji are two units each and the accented letter one.
    assert_eq!(
        numbers.as_string().as_deref(),
        Some("13,0,0,4,29,14,26,7,13,7,13")
    );
}

#[wasm_bindgen_test]
fn a_recorded_answer_becomes_a_result() {
    let given = r#"{"route": "run_code", "status": 200}"#;
    let answer = parse(&wasm::call_core("readAnswer", HELLO, given));
    assert_eq!(text(&answer, "value.status"), "success");
    assert_eq!(text(&answer, "value.run.stdout"), "hello\n");
    assert_eq!(number(&answer, "value.run.exitCode"), 0.0);
}

#[wasm_bindgen_test]
fn a_request_becomes_a_body() {
    let given = r#"{"route": "run_code", "request": {"code": "print(\"hello\")"}}"#;
    let answer = parse(&wasm::call_core("buildBody", "", given));
    let body = parse(&text(&answer, "value"));
    assert_eq!(text(&body, "language"), "python");
    assert_eq!(number(&body, "memory_limit_MB"), -1.0);
}

#[wasm_bindgen_test]
fn a_failed_attempt_has_an_outcome_and_a_next_wait() {
    let attempt = r#"{"policy": "default", "route": "run_code", "attempt": 1, "code": "http", "status": 503,
        "retryAfter": "Thu, 01 Jan 1970 00:00:05 GMT", "now": 1000, "random": 0}"#;
    let answer = parse(&wasm::call_core("planRetry", "", attempt));
    assert_eq!(text(&answer, "value.outcome"), "never_ran");
    assert_eq!(number(&answer, "value.waitMs"), 4_000.0);
}

#[wasm_bindgen_test]
fn a_request_that_cannot_be_used_is_refused() {
    for (request, message) in [
        (
            r#"{"code": "", "runTimeoutMs": -1}"#,
            "runTimeoutMs: expected a number from 1 to 4294967295, found -1",
        ),
        (
            r#"{"code": "", "language": "pythn"}"#,
            "language: expected one of python, cpp,",
        ),
    ] {
        let given = format!(r#"{{"route": "run_code", "request": {request}}}"#);
        let answer = parse(&wasm::call_core("buildBody", "", &given));
        assert_eq!(text(&answer, "error.code"), "invalid_options");
        let found = text(&answer, "error.message");
        assert!(found.starts_with(message), "{found}");
    }
}
