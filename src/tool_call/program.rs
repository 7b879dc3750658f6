//! The arguments of a call in, the program in them out.

use super::reader::read_json;
use crate::language::Language;
use crate::python::search::contains;
use crate::python::value::Value;
use crate::select::Program;

/// The program in the arguments of a tool call: `code`, and `language` where it is given, as verl's
/// `SandboxFusionTool` takes them. A tool that is named for running code may call its code otherwise, or
/// take it bare, as gpt-oss writes it.
#[must_use]
pub fn read_call_program(name: &str, arguments: &Value) -> Option<Program> {
    let name = name.to_ascii_lowercase();
    let runs_code = ["python", "code", "interpreter", "jupyter"]
        .iter()
        .any(|word| contains(&name, word));
    let parsed = arguments.as_str().and_then(read_json);
    let arguments = match &parsed {
        Some(object @ Value::Dict(_)) => object,
        _ => arguments,
    };
    let names: &[&str] = if runs_code {
        &["code", "input", "script", "source", "python", "program"]
    } else {
        &["code"]
    };
    let code = match arguments.as_str() {
        Some(code) if runs_code => code.to_owned(),
        _ => names
            .iter()
            .find_map(|name| arguments.get(name)?.to_text())?,
    };
    let language = arguments.get("language").and_then(Value::as_str);
    let language = language.map_or(Some(Language::PYTHON), Language::from_name)?;
    Some(Program { code, language })
}
