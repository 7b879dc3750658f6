//! The arguments of a call in, the program in them out.

use crate::language::Language;
use crate::python::json::loads;
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
    let parsed = arguments.as_str().map(loads);
    let arguments = match &parsed {
        Some(Ok(parsed @ Value::Dict(_))) => parsed,
        Some(_) if runs_code => {
            let code = arguments.as_str()?.to_owned();
            return Some(Program {
                code,
                language: Language::PYTHON,
            });
        }
        _ => arguments,
    };
    let further = ["input", "script", "source", "python", "program"]
        .iter()
        .filter(|_| runs_code);
    let mut names = ["code"].iter().chain(further);
    let code = names.find_map(|name| arguments.get(name)?.to_text())?;
    let language = arguments.get("language").and_then(Value::as_str);
    let language = language.map_or(Some(Language::PYTHON), Language::from_name)?;
    Some(Program { code, language })
}
