//! The one way across for all but blocks: JavaScript gives the name of a function, a text and
//! whatever belongs to it as JSON, and gets JSON. One reader and one writer cost little code, where
//! bindings would read and write every argument, answer and error in its own way.

use super::error::{invalid, write_error};
use super::given::read_json;
use crate::error::RunError;
use crate::python::value::Value;
use crate::wire::json::Json;

/// What JavaScript calls by a name: from a text and what is given besides it writes one value.
pub(super) type Function = fn(&str, &mut Value, &mut Json) -> Result<(), RunError>;

/// Calls one of `functions`: `{"value": …}`, or `{"error": …}` as [`write_error`] writes it.
pub(super) fn call(functions: &[(&str, Function)], name: &str, text: &str, given: &str) -> String {
    let mut answer = Json::default();
    answer.open("", "{");
    answer.name("value");
    if let Err(error) = run(functions, name, text, given, &mut answer) {
        answer = Json::default();
        answer.open("", "{");
        write_error("error", &error, &mut answer);
    }
    answer.close("}");
    answer.into_text()
}

fn run(
    functions: &[(&str, Function)],
    name: &str,
    text: &str,
    given: &str,
    answer: &mut Json,
) -> Result<(), RunError> {
    let mut given = read_json(given)?;
    let function = functions.iter().find(|(known, _)| *known == name);
    let (_, function) = function.ok_or_else(|| invalid(["no function ", name].concat()))?;
    function(text, &mut given, answer)
}
