//! One way to stop waiting: the caller's signal or a time-out, whichever comes first.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

#[wasm_bindgen]
extern "C" {
    // Timers are globals in pages, workers, Node and edge runtimes alike; `web_sys` only has
    // those of a window.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, ms: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// The longest time that timers take, in milliseconds: a larger one would fire at once.
const LONGEST_TIMER_MS: u64 = 2_147_483_647;

/// Why waiting ended.
#[derive(Debug)]
pub(super) enum Stop {
    /// The caller aborted; this is the signal's reason as the caller wrote it.
    Aborted(JsValue),
    /// The time-out passed.
    TimedOut,
    /// What was waited for failed by itself.
    Failed(JsValue),
}

/// Watches the caller's signal and a time-out; its own signal follows both. Dropping it clears
/// the timer and takes the listener off the caller's signal.
pub(super) struct Cancel {
    controller: AbortController,
    stopped: Promise,
    caller: Option<AbortSignal>,
    timed_out: Rc<Cell<bool>>,
    timer: JsValue,
    on_abort: Closure<dyn FnMut()>,
    _on_timeout: Closure<dyn FnMut()>,
}

impl Cancel {
    pub(super) fn new(caller: Option<&AbortSignal>, timeout_ms: u64) -> Result<Self, JsValue> {
        let controller = AbortController::new()?;
        let mut stop = Function::new_no_args("");
        let stopped = Promise::new(&mut |resolve, _| stop = resolve);
        let halt = {
            let controller = controller.clone();
            move || {
                controller.abort();
                // Resolving a promise twice has no effect, and it cannot throw.
                let _ = stop.call0(&JsValue::UNDEFINED);
            }
        };
        let on_abort = Closure::<dyn FnMut()>::new(halt.clone());
        let timed_out = Rc::new(Cell::new(false));
        let flag = Rc::clone(&timed_out);
        let on_timeout = Closure::<dyn FnMut()>::new(move || {
            flag.set(true);
            halt();
        });
        #[expect(clippy::cast_precision_loss, reason = "at most 31 bits")]
        let timer = set_timeout(
            on_timeout.as_ref().unchecked_ref(),
            timeout_ms.min(LONGEST_TIMER_MS) as f64,
        );
        if let Some(signal) = caller {
            signal.add_event_listener_with_callback("abort", on_abort.as_ref().unchecked_ref())?;
        }
        let caller = caller.cloned();
        Ok(Self {
            controller,
            stopped,
            caller,
            timed_out,
            timer,
            on_abort,
            _on_timeout: on_timeout,
        })
    }

    /// The signal to hand to `fetch`.
    pub(super) fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }

    /// Waits for `promise`, but no longer than until the abort or the time-out.
    pub(super) async fn wait_for(&self, promise: &Promise) -> Result<JsValue, Stop> {
        if let Some(reason) = self.abort_reason() {
            return Err(Stop::Aborted(reason));
        }
        let outcome = JsFuture::from(Promise::race(&Array::of2(promise, &self.stopped))).await;
        if let Some(reason) = self.abort_reason() {
            return Err(Stop::Aborted(reason));
        }
        if self.timed_out.get() {
            return Err(Stop::TimedOut);
        }
        outcome.map_err(Stop::Failed)
    }

    /// Waits for the time-out itself.
    pub(super) async fn sleep(self) -> Result<(), JsValue> {
        match self.wait_for(&self.stopped).await {
            Err(Stop::Aborted(reason)) => Err(reason),
            _ => Ok(()),
        }
    }

    fn abort_reason(&self) -> Option<JsValue> {
        let signal = self.caller.as_ref().filter(|signal| signal.aborted())?;
        // `reason` by reflection: signals of older shims have none.
        Reflect::get(signal, &JsValue::from_str("reason")).ok()
    }
}

impl Drop for Cancel {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
        if let Some(signal) = &self.caller {
            // Taking off a listener cannot fail for a signal that took it on.
            let listener = self.on_abort.as_ref().unchecked_ref();
            let _ = signal.remove_event_listener_with_callback("abort", listener);
        }
    }
}
