//! JSON as Python's `json.dumps` writes it: with bare `NaN`, `Infinity` and `-Infinity`.

use std::borrow::Cow;

use serde_json::Value;

/// Reads JSON with Python's bare constants, which become the texts `"NaN"`, `"Infinity"` and
/// `"-Infinity"`; [`read_number`] reads those back.
pub(super) fn read_python_json(text: &str) -> Result<Value, serde_json::Error> {
    // The strict parser first: constants are rare, and most lines have none.
    serde_json::from_str(text).or_else(|error| match quote_constants(text) {
        Cow::Borrowed(_) => Err(error),
        Cow::Owned(quoted) => serde_json::from_str(&quoted),
    })
}

/// A number, also one that a log wrote as a text: verl wrote numpy numbers with `default=str`.
pub(super) fn read_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Puts quotes around the constants that stand outside of strings.
fn quote_constants(text: &str) -> Cow<'_, str> {
    let mut quoted = String::new();
    let mut copied = 0;
    let mut rest = 0;
    let mut in_string = false;
    while let Some(byte) = text.as_bytes().get(rest) {
        let constant = ["NaN", "Infinity", "-Infinity"]
            .into_iter()
            .find(|name| !in_string && text.get(rest..).is_some_and(|rest| rest.starts_with(name)));
        match (byte, constant) {
            (_, Some(name)) => {
                quoted.push_str(text.get(copied..rest).unwrap_or_default());
                quoted.push('"');
                quoted.push_str(name);
                quoted.push('"');
                rest += name.len();
                copied = rest;
            }
            (b'\\', None) if in_string => rest += 2,
            (b'"', None) => {
                in_string = !in_string;
                rest += 1;
            }
            _ => rest += 1,
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    quoted.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn bare_constants_are_read_and_those_in_strings_left_alone() {
        let text = r#"{"a": NaN, "b": [Infinity, -Infinity], "c": "NaN \" NaN", "d": -1}"#;
        let value = read_python_json(text).unwrap();
        let expected =
            json!({"a": "NaN", "b": ["Infinity", "-Infinity"], "c": "NaN \" NaN", "d": -1});
        assert_eq!(value, expected);
    }

    #[test]
    fn numbers_are_read_from_texts_too() {
        assert_eq!(read_number(&json!("0.5")), Some(0.5));
        assert_eq!(read_number(&json!(-1)), Some(-1.0));
        assert_eq!(read_number(&json!("-Infinity")), Some(f64::NEG_INFINITY));
        assert!(read_number(&json!("NaN")).unwrap().is_nan());
        assert_eq!(read_number(&json!("good")), None);
        assert_eq!(read_number(&json!(null)), None);
    }

    #[test]
    fn a_half_written_line_is_an_error() {
        assert!(read_python_json(r#"{"score": NaN, "output": "abc"#).is_err());
    }
}
