//! The tools that a model knows, as the chat completions interface describes them.

use crate::python::json::{JsonError, loads};
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
    /// The type of a parameter, trimmed and in lower case; `None` when the tool has no such
    /// parameter.
    pub(super) fn type_of(&self, parameter: &str) -> Option<String> {
        let (_, kind) = self.parameters.iter().find(|(name, _)| name == parameter)?;
        let kind = kind.as_deref().unwrap_or("several");
        Some(crate::python::text::strip(kind).to_ascii_lowercase())
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
        let tools = tools.as_list().unwrap_or_default().iter();
        tools.filter_map(Self::from_value).collect()
    }

    fn from_value(tool: &Value) -> Option<Self> {
        if tool.get("type").and_then(Value::as_str) != Some("function") {
            return None;
        }
        let function = tool.get("function")?;
        let parameters = function.get("parameters").unwrap_or(&Value::None);
        let Value::Dict(properties) = parameters.get("properties").unwrap_or(&Value::None) else {
            return Self::named(function, Vec::new(), parameters);
        };
        let types = properties.iter().filter_map(|(name, schema)| {
            let kind = match schema.get("type") {
                // Without a type it is a text.
                None => Some("string".to_owned()),
                Some(kind) => kind.as_str().map(str::to_owned),
            };
            Some((name.as_str()?.to_owned(), kind))
        });
        Self::named(function, types.collect(), parameters)
    }

    fn named(
        function: &Value,
        types: Vec<(String, Option<String>)>,
        parameters: &Value,
    ) -> Option<Self> {
        let required = parameters.get("required").and_then(Value::as_list);
        let required = required.unwrap_or_default().iter();
        Some(Self {
            name: function.get("name")?.as_str()?.to_owned(),
            parameters: types,
            required: required
                .filter_map(|name| Some(name.as_str()?.to_owned()))
                .collect(),
        })
    }
}
