//! Laws of the bindings, which hold in every runtime. What a server says comes from exchanges
//! that were recorded from a real `SandboxFusion` (commit 469de0845cb7).

use fencerun::wasm;
use js_sys::{Array, Function, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

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

/// A `fetch` with this body. It keeps its calls in `calls`.
fn fake_fetch(body: &str) -> (Function, Array) {
    let calls = Array::new();
    let make = Function::new_with_args(
        "calls",
        &format!("return async (url, init) => {{ calls.push([url, init]); {body} }}"),
    );
    (
        make.call1(&JsValue::NULL, &calls).unwrap().unchecked_into(),
        calls,
    )
}

fn options(fetch: &Function) -> JsValue {
    let options = Object::new();
    Reflect::set(&options, &"url".into(), &"http://sandbox.test/".into()).unwrap();
    Reflect::set(&options, &"fetch".into(), fetch).unwrap();
    options.into()
}

fn hello_request() -> JsValue {
    parse(r#"{"code": "print(\"hello\")"}"#)
}

fn answer(status: u16, body: &str) -> String {
    format!(
        "return new Response({}, {{ status: {status} }});",
        JSON::stringify(&body.into()).unwrap()
    )
}

#[wasm_bindgen_test]
fn spans_are_in_utf16_units() {
    let source = "é😀\n```python\nprint('😀')\n```\n";
    let mut scanner = wasm::BlockScanner::new();
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
    assert_eq!(scanner.scan(source.len(), false, false, 0), 1);
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
async fn a_recorded_answer_becomes_a_result() {
    let (fetch, calls) = fake_fetch(&answer(200, HELLO));
    let result = wasm::run_code(hello_request(), options(&fetch))
        .await
        .unwrap();
    assert_eq!(text(&result, "status"), "success");
    assert_eq!(text(&result, "run.stdout"), "hello\n");
    assert_eq!(number(&result, "run.exitCode"), 0.0);
    assert_eq!(text(&calls, "0.0"), "http://sandbox.test/run_code");
    let body = parse(&text(&calls, "0.1.body"));
    assert_eq!(text(&body, "language"), "python");
    assert_eq!(number(&body, "memory_limit_MB"), -1.0);
}

#[wasm_bindgen_test]
async fn a_body_larger_than_the_bound_is_too_large() {
    let (fetch, _) = fake_fetch(&answer(200, HELLO));
    let options = options(&fetch);
    Reflect::set(&options, &"maxBodyBytes".into(), &100.into()).unwrap();
    let error = wasm::run_code(hello_request(), options).await.unwrap_err();
    assert_eq!(text(&error, "code"), "too_large");
    assert_eq!(
        text(&error, "message"),
        "the answer is larger than 100 bytes"
    );
}

#[wasm_bindgen_test]
async fn an_overloaded_server_is_asked_again_and_a_broken_one_is_not() {
    let busy = "if (calls.length < 3) return new Response('', { status: 503, headers: { 'retry-after': '0' } });";
    let (fetch, calls) = fake_fetch(&format!("{busy} {}", answer(200, HELLO)));
    wasm::run_code(hello_request(), options(&fetch))
        .await
        .unwrap();
    assert_eq!(calls.length(), 3);

    let (fetch, calls) = fake_fetch(&answer(500, "broken"));
    let error = wasm::run_code(hello_request(), options(&fetch))
        .await
        .unwrap_err();
    assert_eq!(
        (text(&error, "code").as_str(), number(&error, "status")),
        ("http", 500.0)
    );
    assert_eq!((calls.length(), number(&error, "attempts")), (1, 1.0));
}

#[wasm_bindgen_test]
async fn an_abort_rejects_with_the_reason_itself_and_leaves_no_listener() {
    let (fetch, calls) = fake_fetch("return new Promise(() => {});");
    let controller = AbortController::new().unwrap();
    let signal = controller.signal();
    let watch = Function::new_with_args(
        "signal",
        "const count = { now: 0 };
         for (const [name, step] of [['addEventListener', 1], ['removeEventListener', -1]]) {
           const own = signal[name].bind(signal);
           signal[name] = (...rest) => { count.now += step; return own(...rest); };
         }
         return count;",
    );
    let listeners = watch.call1(&JsValue::NULL, &signal).unwrap();
    let options = options(&fetch);
    Reflect::set(&options, &"signal".into(), &signal).unwrap();
    let reason: JsValue = Object::new().into();
    let abort = Function::new_with_args(
        "controller, reason",
        "queueMicrotask(() => queueMicrotask(() => queueMicrotask(() => controller.abort(reason))))",
    );
    abort.call2(&JsValue::NULL, &controller, &reason).unwrap();
    let thrown = wasm::run_code(hello_request(), options).await.unwrap_err();
    assert!(Object::is(&thrown, &reason), "{thrown:?}");
    assert!(calls.length() <= 1);
    assert_eq!(number(&listeners, "now"), 0.0);
}

#[wasm_bindgen_test]
async fn a_signal_that_was_aborted_before_sends_nothing() {
    let (fetch, calls) = fake_fetch(&answer(200, HELLO));
    let controller = AbortController::new().unwrap();
    controller.abort_with_reason(&"enough".into());
    let options = options(&fetch);
    Reflect::set(&options, &"signal".into(), &controller.signal()).unwrap();
    let thrown = wasm::run_code(hello_request(), options).await.unwrap_err();
    assert_eq!(thrown.as_string().as_deref(), Some("enough"));
    assert_eq!(calls.length(), 0);
}

#[wasm_bindgen_test]
async fn no_answer_within_the_time_out_is_a_timeout() {
    let (fetch, calls) = fake_fetch("return new Promise(() => {});");
    let options = options(&fetch);
    Reflect::set(&options, &"requestTimeoutMs".into(), &1.into()).unwrap();
    let error = wasm::run_code(hello_request(), options).await.unwrap_err();
    assert_eq!(
        text(&error, "message"),
        "the sandbox gave no answer within 1 ms"
    );
    assert!(get(&calls, "0.1.signal.aborted").is_truthy());
}

#[wasm_bindgen_test]
async fn whatever_fetch_throws_is_a_network_error_with_its_cause() {
    let (fetch, calls) = fake_fetch("throw 'a text';");
    let error = wasm::run_code(hello_request(), options(&fetch))
        .await
        .unwrap_err();
    assert_eq!(
        text(&error, "message"),
        "the sandbox could not be reached: a text"
    );
    assert_eq!(text(&error, "cause"), "a text");
    assert_eq!(calls.length(), 1);
}

#[wasm_bindgen_test]
async fn options_that_cannot_be_used_send_nothing() {
    let (fetch, calls) = fake_fetch(&answer(200, HELLO));
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
        let error = wasm::run_code(parse(request), options(&fetch))
            .await
            .unwrap_err();
        assert_eq!(text(&error, "code"), "invalid_options");
        assert!(
            text(&error, "message").starts_with(message),
            "{}",
            text(&error, "message")
        );
    }
    assert_eq!(calls.length(), 0);
}
