//! The tools that a model knows, as the chat completions interface describes them.

use crate::python::json::{JsonError, loads};
use crate::python::text::strip;
use crate::python::value::Value;

/// One tool: what the formats need of its schema.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its parameters and their types; no type where the schema gives several.
    pub parameters: Vec<(String, Option<String>)>,
    /// The parameters that a call must give.
    pub required: Vec<String>,
}

impl Tool {
    /// The type of a parameter, trimmed, its case not to be minded; `None` when the tool has no such
    /// parameter.
    pub(super) fn type_of(&self, parameter: &str) -> Option<&str> {
        let (_, kind) = self.parameters.iter().find(|(name, _)| name == parameter)?;
        Some(strip(kind.as_deref().unwrap_or("several")))
    }

    /// Reads a JSON list of `{"type": "function", "function": {"name", "parameters"}}`, leaving
    /// out what is no function.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with the JSON.
    pub fn read_all(json: &str) -> Result<Vec<Self>, JsonError> {
        Ok(Self::from_values(&loads(json)?))
    }

    pub(crate) fn from_values(tools: &Value) -> Vec<Self> {
        let mut read = Vec::new();
        for tool in tools.as_list().unwrap_or_default() {
            if let Some(tool) = Self::from_value(tool) {
                read.push(tool);
            }
        }
        read
    }

    fn from_value(tool: &Value) -> Option<Self> {
        if tool.get("type")?.as_str()? != "function" {
            return None;
        }
        let function = tool.get("function")?;
        let mut read = Self {
            name: function.get("name")?.as_str()?.to_owned(),
            ..Self::default()
        };
        let parameters = function.get("parameters").unwrap_or(&Value::None);
        if let Some(Value::Dict(properties)) = parameters.get("properties") {
            for (name, schema) in properties {
                let Some(name) = name.as_str() else { continue };
                // Without a type it is a text.
                let kind = schema.get("type").map_or(Some("string"), Value::as_str);
                let parameter = (name.to_owned(), kind.map(str::to_owned));
                read.parameters.push(parameter);
            }
        }
        let required = parameters.get("required").and_then(Value::as_list);
        for name in required.unwrap_or_default() {
            if let Some(name) = name.as_str() {
                read.required.push(name.to_owned());
            }
        }
        Some(read)
    }
}
