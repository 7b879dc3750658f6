//! The values of a log line, as Python wrote them.

use crate::python::float::parse_float;
use crate::python::value::Value;

/// A number, also one that a log wrote as a text: verl wrote numpy numbers with `default=str`.
pub(super) fn read_number(value: &Value) -> Option<f64> {
    match value {
        Value::Str(text) => parse_float(text.as_str()?),
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        _ => value.as_number(),
    }
}

/// The first of some members that names something: a text or a whole number.
pub(super) fn read_name(value: &Value, names: &[&str]) -> Option<String> {
    let mut found = names.iter().filter_map(|name| value.member(name));
    found.find_map(|member| match member {
        Value::Int(digits) => Some(digits.clone()),
        _ => member.to_text(),
    })
}

/// The first of some members that is there.
pub(super) fn find_member<'a>(value: &'a Value, names: &[&str]) -> Option<&'a Value> {
    names.iter().find_map(|name| value.member(name))
}

/// A member that is a text.
pub(super) fn read_text(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::to_text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::json::loads;

    #[test]
    fn numbers_are_read_from_texts_too() {
        let read = |json: &str| read_number(&loads(json).unwrap());
        assert_eq!(read("\"0.5\""), Some(0.5));
        assert_eq!(read("-1"), Some(-1.0));
        assert_eq!(read("true"), Some(1.0));
        assert_eq!(read("-Infinity"), Some(f64::NEG_INFINITY));
        assert_eq!(read("\"-Infinity\""), Some(f64::NEG_INFINITY));
        assert!(read("NaN").unwrap().is_nan());
        assert_eq!(read("\"good\""), None);
        assert_eq!(read("null"), None);
    }
}
